# ruff: noqa: E501 - lists of phrases read best a language or a matter a line
"""What walls and error pages say, in the languages of the news; no more than makes a difference.

`TITLES` are whole headlines: a story about a consent law has more words in its own. `SAYINGS` are
sentences, or their unmistakable part, that count where a page says little else. `CONSENT_TERMS` are
the words that notices about data are made of; one of them is in many stories, many in few.
"""

import re
from typing import Final


def _joined(pattern: str) -> str:
    """Alternatives written one beside the other, as one pattern."""
    return " ".join(pattern.split()).replace(" | ", "|")


_TITLES: Final = {
    "asks for consent": r"""
        before you continue.* | your (privacy|consent|choices?|privacy choices)
        | we (value|respect|care about) your privacy | privacy (settings|preferences|notice|center)
        | cookie (settings|preferences|consent|notice|policy|wall|banner) | consent( required)?
        | manage (your )?(cookies|consent|privacy|preferences).* | one more (step|thing).*
        | (datenschutz|cookie|privatsphäre)[- ]?(einstellungen|hinweis|zustimmung)?
        | (zustimmung|einwilligung)( erforderlich)? | bevor sie fortfahren.* | mit werbung (weiter)?lesen.*
        | ihre (privatsphäre|daten|zustimmung).* | wir (schätzen|respektieren) ihre privatsphäre
        | avant de (continuer|poursuivre).* | (votre|vos) (vie privée|consentement|choix|données).*
        | nous respectons votre vie privée | gestion des cookies | gérer mes (cookies|choix)
        | antes de continuar.* | (tu|su) (privacidad|consentimiento).* | política de cookies
        | valoramos (tu|su) privacidad | configuración de (cookies|privacidad)
        | prima di continuare.* | la tua privacy.* | il (tuo|suo) consenso | rispettiamo la tua privacy
        | antes de prosseguir.* | a sua privacidade.* | sua privacidade.* | consentimento
        | voordat u (verder|doorgaat).* | (jouw|uw|je) privacy.* | privacyinstellingen | cookiemelding
        | innan du (fortsätter|går vidare).* | din integritet.* | vi värnar om din integritet
        | før du (fortsætter|går videre|fortsetter).* | dit samtykke | ditt samtykke | samtykke
        | vi (bruker|bruger|använder) cookies | ennen kuin jatkat.* | (tietosuojasi|yksityisyytesi).*
        | zanim (przejdziesz|kontynuujesz|przejdziemy).* | (twoja|twoje) (prywatność|zgody|zgoda).*
        | (dbamy|szanujemy) o? ?(twoją)? ?prywatność | než budete pokračovat.* | vaše soukromí.*
        | (súhlas|souhlas)( s cookies)? | mielőtt (folytatná|továbblép).* | az ön adatvédelme.*
        | înainte de a continua.* | confidențialitatea ta.* | преди да продължите.*
        | прежде чем продолжить.* | ваша конфиденциальность | согласие на обработку.*
        | перш ніж продовжити.* | ваша приватність | πριν (συνεχίσετε|προχωρήσετε).* | το απόρρητό σας
        | devam etmeden önce.* | gizliliğiniz.* | çerez (ayarları|tercihleri|politikası)
        | قبل المتابعة.* | خصوصيتك.* | לפני שממשיכים.* | הפרטיות שלך.* | قبل از ادامه.*
        | जारी रखने से पहले.* | ก่อนดำเนินการต่อ.* | trước khi (bạn )?tiếp tục.* | sebelum (anda )?melanjutkan.*
        | 继续之前.* | 在您继续之前.* | 續行之前.* | 続行する前に.* | 同意(のお願い|確認)? | 계속하기 전에.*
    """,
    "asks to log in": r"""
        (please )?(log|sign)[- ]?in( to (continue|read|your account).*)? | login | sign in or register
        | (create|register) (an|your|a free) account.* | (subscribe|register|sign up) to (continue|read).*
        | subscribers? only | members? only | subscription required | already a subscriber\??
        | (bitte )?(anmelden|einloggen)( um .*)? | anmeldung( erforderlich)? | nur für abonnenten
        | (connexion|se connecter|identifiez-vous|connectez-vous).{0,30} | réservé aux abonnés
        | (iniciar|inicia|inicie) sesión.{0,30} | acceso( suscriptores)? | solo (para )?suscriptores
        | accedi.{0,30} | (accesso|contenuto) riservato.{0,20} | iniciar sessão | fazer login | entrar
        | (inloggen|log in|aanmelden).{0,20} | logga in.{0,20} | log ind.{0,20} | logg inn.{0,20}
        | kirjaudu( sisään)? | zaloguj się.{0,20} | logowanie | přihlášení | přihlaste se.{0,20}
        | prihlásenie | bejelentkezés | autentificare | conectare | вход(?: в .{0,20})? | увійти | вхід
        | σύνδεση | giriş( yap)? | تسجيل الدخول | התחברות | כניסה | ورود | लॉग ?इन( करें)? | เข้าสู่ระบบ
        | đăng nhập | masuk | 登录 | 登入 | ログイン | 로그인
    """,
    "checks for a robot": r"""
        just a moment.* | checking your browser.* | (please )?wait(ing)?\W* | one moment,? please.*
        | attention required!?.* | pardon (the|our) interruption.* | (security|robot|human|bot) (check|challenge|verification)
        | are you (a )?(robot|human).* | (please )?verify (that )?you('re| are) (a )?(human|not a robot).*
        | (please )?(confirm|prove) (that )?you('re| are) (a )?human.* | access denied | access to this page has been denied.*
        | (you have been|you've been|you are) blocked.* | request (blocked|unsuccessful).* | blocked
        | ddos[- ]?(guard|protection).* | captcha | human verification | validating( your)? (request|browser).*
        | einen (kleinen )?moment.* | (sind sie|bist du) ein (roboter|mensch).* | sicherheits(überprüfung|abfrage|check)
        | zugriff (verweigert|blockiert) | ihr browser wird (ge|über)prüft.* | un (instant|moment).{0,30}
        | (accès refusé|vérification (de sécurité|en cours).*) | vérifiez que vous (êtes|n'êtes pas).*
        | un momento.{0,20} | acceso denegado | (verificación|comprobación) de seguridad | no soy un robot
        | accesso negato | verifica di sicurezza | (só|apenas) um momento.* | acesso negado | verificação de segurança
        | een ogenblik.{0,20} | toegang geweigerd | ett ögonblick.{0,20} | åtkomst nekad | et øjeblik.{0,20} | adgang nægtet
        | et øyeblikk.{0,20} | tilgang nektet | hetkinen.{0,20} | pääsy (estetty|evätty) | (jeszcze )?chwil(a|eczkę).{0,20}
        | odmowa dostępu | okamžik.{0,20} | přístup (odepřen|zamítnut) | prístup (zamietnutý|odmietnutý)
        | egy pillanat.{0,20} | hozzáférés megtagadva | un moment.{0,20} | acces (interzis|respins)
        | (момент|один момент|секунду|подождите).{0,20} | доступ (запрещ[её]н|ограничен|заборонено|отказан)
        | проверка (браузера|безопасности).* | достъпът е отказан | μια στιγμή.{0,20} | απαγορεύεται η πρόσβαση
        | bir dakika.{0,20} | erişim (engellendi|reddedildi) | لحظة.{0,20} | تم رفض الوصول | רק רגע.{0,20} | הגישה נדחתה
        | یک لحظه.{0,20} | دسترسی غیرمجاز | कृपया प्रतीक्षा करें.* | รอสักครู่.* | vui lòng (chờ|đợi).* | tunggu sebentar.*
        | 请稍候.* | 請稍候.* | 安全(检查|验证|檢查|驗證) | 访问被拒绝 | しばらくお待ちください.* | アクセスが拒否されました | 잠시만 기다.* | 접근이 거부.*
    """,
    "is under maintenance": r"""
        (site |scheduled |under |website )?maintenance( mode| in progress)? | (we'll|we will) be (right )?back( soon)?.*
        | (temporarily|briefly) (unavailable|down|offline).* | (site|website|page) (is )?(under construction|offline|down).*
        | service (temporarily )?unavailable | coming soon | (under|site under) construction
        | welcome to (nginx|caddy)!? | apache2? .{0,20}default page.* | (it works|default web site page)!?
        | account suspended | (this )?domain (is )?(for sale|parked|expired).* | web server('s)? default page
        | wartung(sarbeiten|smodus)? | (wir sind )?gleich (wieder )?(zurück|da).* | vorübergehend nicht (verfügbar|erreichbar)
        | (site )?en maintenance | maintenance en cours | (bientôt )?de retour.{0,20} | indisponible.{0,20}
        | (sitio )?en mantenimiento | volvemos (pronto|enseguida) | (sito )?in manutenzione | torniamo (presto|subito)
        | (site |página )?em manutenção | voltamos (já|em breve) | (in |gepland )?onderhoud | underhåll(sarbete)? | vedligehold(else)?
        | vedlikehold | huoltokatko | (przerwa techniczna|prace (techniczne|konserwacyjne)) | (probíhá )?údržba | karbantartás
        | (în )?mentenanță | техническ(ие|ите) работы? | технічні роботи | поддръжка | συντήρηση | bakım(da)?( çalışması)?
        | (قيد )?الصيانة | (האתר )?בתחזוקה | در حال (تعمیر|به‌?روزرسانی) | रखरखाव | ปิดปรับปรุง.{0,20} | (đang )?bảo trì
        | (sedang )?dalam (pemeliharaan|perbaikan) | (网站|系统)?维护中? | 網站維護中? | メンテナンス中.{0,10} | (시스템 )?점검 ?중?
    """,
    "says that nothing is there": r"""
        (error |http )?(404|410)\b.{0,40} | (404 )?(page|article|story|content|file|document)?s? ?not[- ]found.{0,30}
        | (sorry,? )?(this |the |that )?(page|article|story|content) (could not|cannot|can't|couldn't) be found.{0,30}
        | (this |the )?(page|article|story|content) (is )?(no longer|not) (available|exists?).{0,30} | (page|content) unavailable
        | (this |the )?(page|article|story) (was|has been) (removed|deleted|taken down).{0,20} | oops!?.{0,40} | uh[- ]oh.{0,30}
        | (error |http )?50[0234]\b.{0,40} | (internal )?server error | something went wrong.{0,30} | error establishing a database connection
        | fatal error.{0,30} | an error (has )?occurred.{0,20} | application error.{0,20} | bad gateway
        | (die )?(seite|artikel|inhalt)\w* (wurde )?nicht (gefunden|verfügbar|mehr verfügbar).{0,20} | nicht gefunden | ein fehler ist aufgetreten.{0,20}
        | (page|article|contenu)s? (introuvable|non trouvée?|supprimée?|indisponible).{0,20} | (cette page|cet article) n'existe (pas|plus).{0,20} | une erreur est survenue.{0,20}
        | (página|artículo|contenido) no (encontrad[ao]|disponible|existe).{0,20} | no se (ha )?encontr(ó|ado).{0,40} | algo salió mal.{0,20}
        | pagina non (trovata|disponibile).{0,20} | (la )?pagina (richiesta )?non esiste.{0,20} | errore.{0,20}
        | (página|artigo|conteúdo) não (encontrad[ao]|disponível|existe).{0,20} | pagina niet gevonden.{0,20} | (deze )?pagina bestaat niet.{0,20}
        | sidan (kunde inte hittas|hittades inte|finns inte).{0,20} | siden (blev |ble )?ikke (fundet|funnet).{0,20} | (siden|artiklen) (findes|finnes) ikke.{0,20}
        | sivua ei löyt(ynyt|y).{0,20} | (nie znaleziono|strona nie (istnieje|została znaleziona)).{0,20} | (stránka|článek) (nebyla nalezena|nenalezena|neexistuje|sa nenašla).{0,20}
        | (az )?oldal nem található.{0,20} | a keresett oldal.{0,30} | pagina nu (a fost găsită|există).{0,20} | (страница|материал|статья) (не найдена?|удал[её]на?|не существует).{0,20}
        | страницата не (е намерена|съществува).{0,20} | сторінку не знайдено.{0,20} | η σελίδα δεν (βρέθηκε|υπάρχει).{0,20} | sayfa bulunamadı.{0,20} | (aradığınız )?sayfa (mevcut değil|yok).{0,20}
        | الصفحة غير موجودة.{0,20} | (عذرا.{0,5} )?(لم يتم العثور|الصفحة المطلوبة).{0,40} | (ה)?דף (לא נמצא|אינו קיים).{0,20} | صفحه.{0,20}(یافت نشد|پیدا نشد).{0,10}
        | पृष्ठ नहीं मिला.{0,10} | (पेज|पन्ना) नहीं मिला.{0,10} | ไม่พบ(หน้า|เนื้อหา).{0,20} | không tìm thấy.{0,20} | (halaman )?tidak ditemukan.{0,20}
        | (页面|文章|您访问的页面)?(不存在|未找到|找不到|已删除).{0,10} | 找不到(網頁|頁面).{0,10} | (ページ|記事)が?見つかりません.{0,10} | 페이지를 찾을 수 없.{0,10}
    """,
}

TITLES: Final = {
    reason: re.compile(_joined(pattern), re.IGNORECASE) for reason, pattern in _TITLES.items()
}
"""By what it says of a page: patterns that a whole part of its headline matches."""

_SAYINGS: Final = {
    "checks for a robot": r"""
        enable javascript and cookies to continue | checking (if the site connection is secure|your browser before)
        | verify(ing)? (that )?you are (a )?human | (performance|security) .{0,20} by cloudflare | cloudflare ray id | ddos protection by
        | unusual (traffic|activity) from your | you have been blocked | your (access|request) (to .{0,40} )?(has been|was) (blocked|denied)
        | (solve|complete) the (captcha|challenge|security check) | i('m| am) not a robot | reference (id|number|#)[:# ]+[0-9a-f.]{6,}
        | incident id | (lösen|lösung) .{0,20}captcha | résoudre .{0,20}captcha | kein roboter | (no soy|não sou) un? (robô|robot) | nie jestem robotem | я не робот
    """,
    "is under maintenance": r"""
        (scheduled|routine|planned|essential) maintenance | (down|offline|unavailable) for maintenance | maintenance (window|work is)
        | check back (soon|later|in a|shortly) | we('ll| will) be back (soon|shortly|online) | (working|back) (hard )?to (restore|bring)
        | wartungsarbeiten | wegen wartung | maintenance (est )?en cours | (trabajos|tareas) de mantenimiento | manutenzione (programmata|in corso)
        | em manutenção | przerw[ay] techniczn | технические работы | проводятся (технические|профилактические)
    """,
    "says that nothing is there": r"""
        (page|article|story|content) you (are|were|'re) (looking for|trying|requested) .{0,60}(exist|found|moved|removed|available|deleted)
        | (page|article|story) (does not|doesn't|no longer) exist | (could not|couldn't|cannot|can't) (be found|find (the|that|this) page)
        | seite .{0,40}(nicht gefunden|existiert nicht) | page .{0,40}(n'existe (pas|plus)|introuvable) | página .{0,40}(no existe|no se encuentra|não existe|não foi encontrada)
        | pagina .{0,40}(non esiste|non è stata trovata|niet gevonden|bestaat niet) | strona .{0,40}nie istnieje | страниц[аы] .{0,40}(не найдена|не существует)
    """,
    "asks to log in": r"""
        (log|sign) in to (continue|read|view|access) | (create|register for) (a|your) free account to (continue|read)
        | (subscribe|register) (now )?to (continue|keep) reading
    """,
    "asks for another browser": r"""
        (please )?(enable|turn on|activate) (java\s?script|cookies) | (requires|need to enable) java\s?script | (your )?browser is (not supported|outdated|no longer supported)
        | bitte .{0,30}javascript | veuillez activer (le )?javascript | activar? javascript | (abilita|attiva) javascript | włącz .{0,15}javascript
    """,
    "is not shown in this region": r"""
        not available in your (country|region|location|area) | unavailable (due to|for) legal reasons | (visitors|users) (in|from) (the )?(european|eu\b|your)
        | in (ihrem|deinem) land nicht verfügbar | pas disponible dans votre (pays|région) | no (está )?disponible en (tu|su) (país|región)
    """,
    "asks for an age": r"""
        (you must|are you) (be )?(at least |over )?(18|21)\b | (confirm|verify) your age | (sind|bist) (sie|du) .{0,10}18 jahre
    """,
}

SAYINGS: Final = {
    reason: re.compile(_joined(pattern), re.IGNORECASE) for reason, pattern in _SAYINGS.items()
}
"""By what it says of a page: patterns found in the few words that there are."""

_CONSENT_WORDS: Final = r"""
    cookies? | consent | personal data | privacy (policy|settings|notice) | legitimate interests?
    | (our|\d+) (\w+ )?partners | vendors? | information on a device | unique identifiers
    | personali[sz]ed (ads?|advertising|content) | (without|with) (advertising|tracking|ads)
    | geolocation data | device scanning | accept( all)? | reject( all)?
    | (manage|change) (my |your )?(choices|preferences|options|settings)
    | einwilligung\w* | zustimm\w* | personenbezogene\w* daten | datenschutz\w* | drittanbieter\w*
    | berechtigte\w* interesse\w* | tracking | akzeptieren | ablehnen | consentement
    | données personnelles | politique de confidentialité | intérêts? légitimes? | partenaires
    | publicités? personnalisée?s? | tout accepter | tout refuser | consentimiento
    | datos personales | política de privacidad | interés legítimo | nuestros socios | aceptar
    | rechazar | consenso | dati personali | informativa sulla privacy | legittimo interesse
    | accetta\w* | rifiuta\w* | consentimento | dados pessoais | política de privacidade | aceitar
    | toestemming | persoonsgegevens | privacybeleid | accepteren | weigeren | samtycke\w*
    | personuppgifter\w* | godkänn\w* | samtykke\w* | personopplysninge\w* | personoplysninge\w*
    | suostumu\w* | eväste\w* | henkilötieto\w* | zgod[aęy] | dan\w+ osobow\w+
    | polityk\w+ prywatności | plik\w* cookie | uzasadnion\w+ interes\w* | souhlas\w*
    | osobní\w* údaj\w* | soubor\w* cookie | hozzájárul\w* | személyes adat\w* | süti\w*
    | consimțământ\w* | date\w* personale | соглас\w+ | персональн\w+ данн\w+ | файл\w* cookie
    | конфиденциальност\w+ | приватн\w+ | съгласи\w+ | лични данни | συγκατάθεση\w*
    | προσωπικ\w+ δεδομέν\w+ | çerez\w* | kişisel veri\w* | ملفات تعريف الارتباط | الموافقة
    | البيانات الشخصية | עוגיות | הסכמה | کوکی | رضایت
"""
_CONSENT_WORDS_UNSPACED: Final = r"""
    个人(信息|数据) | 隐私 | 同意 | 個人情報 | クッキー | 쿠키 | 개인정보 | 동의 | คุกกี้ | ความยินยอม
"""

CONSENT_TERMS: Final = re.compile(
    rf"\b(?:{_joined(_CONSENT_WORDS)})\b|{_joined(_CONSENT_WORDS_UNSPACED)}", re.IGNORECASE
)
"""Words that notices about data are made of."""

CONSENT_ROOTS: Final = (
    *("cookie", "consent", "privacy", "datenschutz", "einwillig", "zustimm", "données perso"),
    *("datos personales", "privacidad", "dati personali", "dados pessoais", "persoonsgegevens"),
    *("personuppgift", "personopplysn", "personoplysn", "samtyk", "eväste", "osobow", "osobní"),
    *("személyes", "süti", "personale", "конфиденц", "персональн", "лични данни", "приватн"),
    *("προσωπικ", "çerez", "kişisel", "الارتباط", "الشخصية", "עוגיות", "کوکی", "隐私", "隱私"),
    *("個人情報", "クッキー", "쿠키", "개인정보", "คุกกี้"),
)
"""One of these is in every such notice: a text without any need not be searched for the terms."""

CHALLENGE_MARKS: Final = re.compile(
    rb"(?i)cf-chl|challenge-platform|cf_chl_opt|_Incapsula_Resource|px-captcha|captcha-delivery\.com"
    rb"|awswaf|aws-waf-token|hcaptcha\.com/1|recaptcha/api|challenges\.cloudflare\.com|sucuri_cloudproxy"
    rb"|ddos-guard|qrator|ak_bmsc|geo\.captcha|distil_r_|perimeterx|kasada|arkoselabs"
)
"""In the source of pages that check for a robot."""
