"""Names of months, in full and short, in the languages news is written in."""

from typing import Final

# A language each, the months in order; "/" joins forms of one month, "-" is one given above.
_LANGUAGES: Final = """
january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep
october/oct november/nov december/dec;
januar/jänner/jän februar/feber märz/mär/mrz april mai juni juli august september oktober/okt
november dezember/dez;
janvier/janv février/févr/fevrier/fév mars avril/avr mai juin juillet/juil août/aout septembre
octobre novembre décembre/déc/decembre;
enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre/set octubre
noviembre diciembre/dic;
gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/sett
ottobre/ott novembre dicembre;
janeiro fevereiro/fev março/marco abril maio/mai junho julho agosto setembro outubro/out novembro
dezembro;
januari februari maart/mrt april mei juni juli augustus september oktober november december;
januari februari mars april/apr maj juni juli augusti september oktober november december;
januar/jan februar marts april maj juni juli august september oktober november
december/des/desember;
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember;
tammikuuta/tammikuu/tammi helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu
toukokuuta/toukokuu kesäkuuta/kesäkuu heinäkuuta/heinäkuu elokuuta/elokuu syyskuuta/syyskuu
lokakuuta/lokakuu marraskuuta/marraskuu joulukuuta/joulukuu;
stycznia/styczeń/sty lutego/luty/lut marca/marzec kwietnia/kwiecień/kwi maja/maj
czerwca/czerwiec/cze lipca/lipiec/lip sierpnia/sierpień/sie września/wrzesień/wrz
października/październik/paź listopada/listopad/lis grudnia/grudzień/gru;
ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec
srpna/srpen září října/říjen listopadu prosince/prosinec;
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra;
januar februar marec aprila maj junij/junija julij/julija avgust/avgusta septembra oktobra
novembra decembra;
siječnja/siječanj veljače/veljača ožujka/ožujak travnja/travanj svibnja/svibanj lipnja/lipanj
srpnja/srpanj kolovoza/kolovoz rujna/rujan - studenoga/studeni prosinca/prosinac;
január február március április május június július augusztus szeptember október november december;
ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie octombrie
noiembrie/noi decembrie;
ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki
kasım/kas aralık/ara;
января/январь/янв февраля/февраль/фев/февр марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн
июля/июль/июл августа/август/авг сентября/сентябрь/сен/сент октября/октябрь/окт
ноября/ноябрь/ноя/нояб декабря/декабрь/дек;
січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень
липня/липень серпня/серпень вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень;
януари февруари март април май юни юли август септември октомври ноември декември;
јануар фебруар март април мај јун јул август/авг септембар октобар новембар децембар;
ιανουαρίου/ιανουάριος/ιαν φεβρουαρίου/φεβρουάριος/φεβ μαρτίου/μάρτιος/μαρ απριλίου/απρίλιος/απρ
μαΐου/μάιος/μαϊ ιουνίου/ιούνιος/ιουν ιουλίου/ιούλιος/ιουλ αυγούστου/αύγουστος/αυγ
σεπτεμβρίου/σεπτέμβριος/σεπ οκτωβρίου/οκτώβριος/οκτ νοεμβρίου/νοέμβριος/νοε
δεκεμβρίου/δεκέμβριος/δεκ;
يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر;
- شباط آذار نيسان أيار حزيران تموز آب أيلول - - -;
ינואר/בינואר פברואר/בפברואר מרץ/במרץ אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט
ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר;
januari februari maret april mei juni juli agustus/agu september oktober november desember/des;
januari februari mac april mei jun julai ogos september oktober november disember;
มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม;
जनवरी फ़रवरी/फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर
दिसंबर/दिसम्बर;
gener febrer març/marc abril/d'abril maig juny juliol agost setembre octubre novembre desembre;
urtarrila otsaila martxoa apirila maiatza ekaina uztaila abuztua iraila urria azaroa abendua;
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio;
janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā
jūlijs/jūlijā augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī
decembris/decembrī;
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
"""

MONTHS: Final = {
    name: number
    for language in _LANGUAGES.split(";")
    for number, names in enumerate(language.split(), start=1)
    for name in names.split("/")
    if name != "-"
}
"""Number of the month for each name, names in lower case."""
