# ruff: noqa: E501 - a page a line
"""Walls, errors and front pages are told from stories, and stories about them stay stories."""

from collections.abc import Iterable

import pytest

from scraper.extract.extractor import extract_page
from scraper.extract.page_kind import KindJudgement, judge_kind
from scraper.page import Page

STORY_URL = "https://tidewater.example/2031/05/ferry-captain-refuses-new-harbour-toll"


def judge(
    title: str, *lines: str, url: str = STORY_URL, heading: str = "", head: str = ""
) -> KindJudgement:
    body = "".join(f"<p>{line}</p>" for line in lines)
    top = f"<h1>{heading}</h1>" if heading else ""
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><main>{top}{body}</main></body></html>"
    )
    return judge_html(html, url)


def judge_html(html: str, url: str = STORY_URL, redirects: tuple[str, ...] = ()) -> KindJudgement:
    page = Page(url=url, body=html.encode(), redirects=redirects)
    return judge_kind(page, extract_page(page))


# A title, what the page says, and a piece of the reason: in words of this test's own.
NOT_FOUND: tuple[tuple[str, ...], ...] = (
    ("en", "404 | Tidewater Post", "We looked everywhere, but the page you requested is not here."),
    ("de", "Seite nicht gefunden - Wattbote", "Die angeforderte Seite gibt es bei uns leider nicht. Zur Startseite geht es hier."),
    ("fr", "Page introuvable — Le Ponton", "La page que vous cherchez a été déplacée ou supprimée. Retour à l'accueil."),
    ("es", "Página no encontrada", "Lo sentimos: la página que buscas ya no está aquí. Volver a la portada."),
    ("it", "Pagina non trovata | Il Molo", "La pagina che stai cercando non c'è più. Torna alla home."),
    ("pt", "Erro 404", "A página que procura foi removida ou nunca existiu. Voltar à página inicial."),
    ("nl", "Pagina niet gevonden", "De pagina die je zoekt is verplaatst of verwijderd. Terug naar de homepage."),
    ("sv", "Sidan hittades inte", "Sidan du letar efter kan ha flyttats. Gå till startsidan."),
    ("da", "Siden findes ikke", "Siden du leder efter er flyttet eller slettet. Tilbage til forsiden."),
    ("no", "Fant ikke siden", "Siden du leter etter har blitt flyttet. Gå til forsiden."),
    ("fi", "Sivua ei löytynyt", "Etsimääsi sivua ei ole. Palaa etusivulle."),
    ("pl", "Nie znaleziono strony", "Strona, której szukasz, została przeniesiona lub usunięta. Wróć na stronę główną."),
    ("cs", "Stránka nenalezena", "Stránka, kterou hledáte, byla přesunuta nebo smazána. Zpět na úvodní stránku."),
    ("sk", "Stránka sa nenašla", "Stránka, ktorú hľadáte, bola presunutá alebo zmazaná. Späť na úvodnú stránku."),
    ("hu", "Az oldal nem található", "A keresett oldal nem létezik, vagy áthelyezték. Vissza a főoldalra."),
    ("ro", "Pagina nu a fost găsită", "Pagina pe care o căutați a fost mutată sau ștearsă. Înapoi la prima pagină."),
    ("bg", "Страницата не е намерена", "Страницата, която търсите, е преместена или изтрита. Към началната страница."),
    ("ru", "Страница не найдена", "Такой страницы нет: она была удалена или перемещена. Вернуться на главную."),
    ("uk", "Сторінку не знайдено", "Сторінка, яку ви шукаєте, була переміщена. Повернутися на головну."),
    ("el", "Η σελίδα δεν βρέθηκε", "Η σελίδα που αναζητάτε έχει μετακινηθεί ή διαγραφεί. Επιστροφή στην αρχική."),
    ("tr", "Sayfa bulunamadı", "Aradığınız sayfa kaldırılmış veya taşınmış olabilir. Ana sayfaya dön."),
    ("ar", "الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها لم تعد هنا. العودة إلى الصفحة الرئيسية."),
    ("he", "הדף לא נמצא", "הדף שחיפשתם הוסר או הועבר. חזרה לדף הבית."),
    ("fa", "صفحه یافت نشد", "صفحه مورد نظر شما حذف یا منتقل شده است. بازگشت به صفحه اصلی."),
    ("hi", "पृष्ठ नहीं मिला", "आप जिस पृष्ठ को खोज रहे हैं वह मौजूद नहीं है। मुख्य पृष्ठ पर जाएं।"),
    ("th", "ไม่พบหน้าที่ต้องการ", "หน้าที่คุณกำลังค้นหาถูกย้ายหรือลบไปแล้ว กลับหน้าหลัก"),
    ("vi", "Không tìm thấy trang", "Trang bạn đang tìm đã bị xóa hoặc không tồn tại. Về trang chủ."),
    ("id", "Halaman tidak ditemukan", "Halaman yang Anda cari telah dihapus atau dipindahkan. Kembali ke beranda."),
    ("zh", "页面不存在", "抱歉，您访问的页面不存在或已被删除。返回首页"),
    ("ja", "ページが見つかりません", "お探しのページは移動または削除された可能性があります。トップページへ"),
    ("ko", "페이지를 찾을 수 없습니다", "요청하신 페이지가 삭제되었거나 주소가 변경되었습니다. 홈으로"),
)  # fmt: skip

CONSENT: tuple[tuple[str, ...], ...] = (
    ("en", "Tidewater Post", "We and our 71 partners would like to use cookies on this device. Accept all cookies or manage your choices.", "You can withdraw your consent at any time in the privacy settings."),
    ("de", "Wattbote: Weiterlesen", "Mit Werbung weiterlesen: Wir und unsere 140 Partner verarbeiten personenbezogene Daten. Ihre Einwilligung können Sie jederzeit widerrufen.", "Oder ohne Tracking im Pur-Abo lesen, monatlich kündbar."),
    ("fr", "Avant de continuer", "Nous et nos 90 partenaires lisons des informations sur votre appareil. Tout accepter ou continuer sans accepter.", "Votre consentement peut être retiré depuis la gestion des cookies."),
    ("es", "Su privacidad", "Nosotros y nuestros 90 socios utilizamos cookies. Aceptar y continuar, o configurar cookies.", "Puede retirar su consentimiento cuando quiera en nuestra política de cookies."),
    ("it", "Il Molo", "Noi e i nostri partner utilizziamo i cookie. Accetta e continua, oppure rifiuta e abbonati.", "Puoi revocare il consenso in ogni momento; la tua privacy conta."),
    ("pt", "Antes de continuar", "Nós e os nossos 30 parceiros utilizamos cookies. Aceitar tudo ou gerir preferências.", "Pode retirar o seu consentimento na política de privacidade."),
    ("nl", "Voordat je verdergaat", "Wij en onze partners plaatsen cookies. Alles accepteren of instellingen beheren.", "Je toestemming kun je later weer intrekken in het privacybeleid."),
    ("sv", "Innan du fortsätter", "Vi och våra 40 partner använder cookies. Godkänn alla eller hantera inställningar.", "Ditt samtycke kan du ta tillbaka i vår integritetspolicy."),
    ("da", "Før du fortsætter", "Vi og vores partnere bruger cookies. Tillad alle eller administrer indstillinger.", "Du kan trække dit samtykke tilbage når som helst."),
    ("no", "Før du fortsetter", "Vi og partnerne våre bruker informasjonskapsler. Godta alle eller avvis alle.", "Du kan trekke tilbake samtykket når du vil."),
    ("fi", "Ennen kuin jatkat", "Me ja 30 kumppaniamme, kuten kumppanimme mainonnassa, käytämme evästeitä. Hyväksy kaikki tai muokkaa asetuksia.", "Voit peruuttaa suostumuksesi milloin vain."),
    ("pl", "Zanim przejdziesz do serwisu", "My i nasi partnerzy używamy plików cookie. Akceptuję i przechodzę do serwisu.", "W każdej chwili możesz wycofać zgodę w polityce prywatności."),
    ("cs", "Než budete pokračovat", "My a naši partneři používáme soubory cookie. Přijmout vše, nebo upravit nastavení.", "Svůj souhlas můžete kdykoli odvolat."),
    ("sk", "Skôr než budete pokračovať", "My a naši partneri používame súbory cookie. Prijať všetko alebo odmietnuť všetko.", "Svoj súhlas môžete kedykoľvek odvolať."),
    ("hu", "Mielőtt folytatná", "Mi és partnereink sütiket használunk. Az összes elfogadása vagy a beállítások kezelése.", "Hozzájárulását bármikor visszavonhatja."),
    ("ro", "Înainte de a continua", "Noi și partenerii noștri folosim cookie-uri. Acceptă toate sau gestionează preferințele.", "Puteți retrage consimțământul dvs. oricând."),
    ("bg", "Преди да продължите", "Ние и нашите партньори използваме бисквитки. Приемам всички или управление на предпочитанията.", "Можете да оттеглите съгласието си по всяко време."),
    ("ru", "Прежде чем продолжить", "Мы и наши партнёры обрабатываем персональные данные. Принять все или управление настройками.", "Вы можете отозвать согласие в любой момент."),
    ("uk", "Перш ніж продовжити", "Ми та наші партнери використовуємо файли cookie. Прийняти всі або відхилити всі.", "Ви можете відкликати згоду будь-коли."),
    ("el", "Πριν συνεχίσετε", "Εμείς και οι συνεργάτες μας χρησιμοποιούμε cookies. Αποδοχή όλων ή διαχείριση επιλογών.", "Μπορείτε να ανακαλέσετε τη συγκατάθεσή σας."),
    ("tr", "Devam etmeden önce", "Biz ve iş ortaklarımız çerez kullanıyoruz. Tümünü kabul et ya da tercihleri yönet.", "Rızanızı geri çekebilirsiniz."),
    ("ar", "قبل المتابعة", "نحن وشركاؤنا نستخدم ملفات تعريف الارتباط. قبول الكل أو إدارة التفضيلات.", "يمكنك سحب موافقتك في أي وقت."),
    ("he", "לפני שממשיכים", "אנחנו והשותפים שלנו משתמשים בקובצי Cookie. אשר הכל או ניהול העדפות.", "אפשר לחזור בך מהסכמתך בכל עת."),
    ("fa", "پیش از ادامه", "ما و شرکای ما از کوکی استفاده می‌کنیم. پذیرش همه یا مدیریت تنظیمات.", "رضایت خود را هر زمان می‌توانید پس بگیرید."),
    ("hi", "जारी रखने से पहले", "हम और हमारे पार्टनर कुकीज़ का उपयोग करते हैं। सभी स्वीकार करें या प्राथमिकताएं प्रबंधित करें।", "आप अपनी सहमति वापस ले सकते हैं।"),
    ("th", "ก่อนดำเนินการต่อ", "เราและพันธมิตรของเราใช้คุกกี้ ยอมรับทั้งหมด หรือ ตั้งค่าคุกกี้", "ท่านสามารถถอนความยินยอมได้ทุกเมื่อ"),
    ("vi", "Trước khi bạn tiếp tục", "Chúng tôi và các đối tác sử dụng cookie. Chấp nhận tất cả hoặc quản lý tùy chọn.", "Bạn có thể rút lại sự đồng ý bất cứ lúc nào."),
    ("id", "Sebelum Anda melanjutkan", "Kami dan mitra kami menggunakan cookie. Terima semua atau kelola preferensi.", "Anda dapat mencabut persetujuan Anda kapan saja."),
    ("zh", "在您继续之前", "我们和我们的合作伙伴使用cookie。全部接受或管理偏好。", "您可以随时撤回同意，详见隐私政策。"),
    ("ja", "続行する前に", "当社とパートナーはクッキーを使用しています。すべて許可、またはすべて拒否。", "いつでも同意を撤回できます。"),
    ("ko", "계속하기 전에", "당사와 파트너는 쿠키를 사용합니다. 모두 수락 또는 쿠키 설정.", "언제든지 동의를 철회할 수 있습니다."),
)  # fmt: skip

OTHERS: tuple[tuple[str, str, str, str], ...] = (
    # kind, a piece of the reason, title, line
    ("wall", "robot", "Verifying…", "Please verify you are human by completing the challenge below."),
    ("wall", "robot", "tidewater.example", "Unusual traffic from your network: confirm you are human to go on."),
    ("wall", "robot", "Einen Moment bitte", "Ihr Browser wird überprüft. Danach geht es von selbst weiter."),
    ("wall", "robot", "Un instant…", "Vérification de votre navigateur avant d'accéder au site."),
    ("wall", "robot", "Проверка браузера", "Подтвердите, что вы не робот."),
    ("wall", "robot", "しばらくお待ちください", "ブラウザを確認しています。"),
    ("wall", "robot", "请稍候…", "正在检查您的浏览器，请完成安全验证。"),
    ("wall", "denies", "Access Denied", "You don't have permission to access this on this server. Reference #18.4f"),
    ("wall", "denies", "Acceso denegado", "Su dirección IP ha sido bloqueada por el cortafuegos."),
    ("wall", "denies", "403", "Too many requests came from your address."),
    ("wall", "browser", "Tidewater Post", "You need to enable JavaScript to run this app."),
    ("wall", "browser", "Browser veraltet", "Ihr Browser wird nicht unterstützt. Bitte aktualisieren Sie Ihren Browser."),
    ("wall", "age", "Age verification", "You must be 18 years of age or older to enter. Enter your date of birth to continue."),
    ("wall", "region", "451: Unavailable for legal reasons", "We recognise you are belonging to the European Economic Area and cannot grant you access."),
    ("wall", "region", "Le Ponton", "Ce contenu n'est pas disponible dans votre pays, pour des raisons légales."),
    ("wall", "log in", "Log in | Tidewater Post", "Please log in to continue. Forgot your password? Don't have an account?"),
    ("wall", "log in", "Anmelden", "Melden Sie sich an, um weiterzulesen. Passwort vergessen? Noch kein Konto?"),
    ("wall", "log in", "Войти", "Войдите, чтобы читать дальше. Забыли пароль?"),
    ("error", "maintenance", "Back soon", "Our presses are being oiled: we are currently performing maintenance. Sorry for the inconvenience."),
    ("error", "maintenance", "Wartungsarbeiten", "Wir sind in kürze wieder für Sie da."),
    ("error", "maintenance", "Технические работы", "На сайте ведутся технические работы, зайдите позже."),
    ("error", "maintenance", "メンテナンス中", "ただいまメンテナンス中です。しばらくしてからお越しください。"),
    ("error", "web server", "Welcome to nginx!", "If you see this page, the nginx web server is successfully installed and working."),
    ("error", "web server", "Apache2 Ubuntu Default Page: It works", "This is the default welcome page used to test the correct operation of the server."),
    ("error", "domain", "tidewater.example", "This domain is for sale! Buy this domain today, or inquire about this domain."),
    ("error", "domain", "Domain zu verkaufen", "Diese Domain steht zum Verkauf."),
    ("error", "suspended", "Account Suspended", "This account has been suspended. Contact your hosting provider for more information."),
    ("error", "no longer", "Tidewater Post", "This article has been removed. The story is no longer available on our website."),
    ("error", "no longer", "Artikel nicht mehr verfügbar", "Aus lizenzrechtlichen Gründen ist diese Meldung nicht mehr abrufbar."),
    ("error", "no longer", "Материал удалён", "Материал был удален по решению редакции."),
    ("error", "no longer", "掲載終了", "この記事は公開を終了しました。"),
    ("error", "wrong", "500 Internal Server Error", "The server encountered an internal error."),
    ("error", "wrong", "Tidewater Post", "Error establishing a database connection"),
    ("error", "wrong", "Oops!", "Something went wrong on our side. Please try again later."),
    ("error", "wrong", "Error", "Traceback (most recent call last): File app.py, line 31, in render"),
    ("error", "wrong", "Une erreur est survenue", "Une erreur inattendue s'est produite. Rechargez la page."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "line"), [c[1:] for c in NOT_FOUND], ids=[c[0] for c in NOT_FOUND]
)
def test_a_page_that_was_not_found_is_an_error(title: str, line: str) -> None:
    assert judge(title, line).kind == "error"
    assert judge("Tidewater Post", line, heading=title).kind == "error"


@pytest.mark.parametrize(
    ("title", "lines"), [(c[1], c[2:]) for c in CONSENT], ids=[c[0] for c in CONSENT]
)
def test_a_page_that_asks_for_consent_is_a_wall(title: str, lines: tuple[str, ...]) -> None:
    judgement = judge(title, *lines)
    assert judgement.kind == "wall"
    assert "consent" in judgement.reason


@pytest.mark.parametrize(
    ("kind", "reason", "title", "line"), OTHERS, ids=[f"{c[2]}" for c in OTHERS]
)
def test_other_pages_in_place_of_a_story(kind: str, reason: str, title: str, line: str) -> None:
    judgement = judge(title, line)
    assert (judgement.kind, reason in judgement.reason) == (kind, True), judgement


def _long_consent() -> Iterable[str]:
    yield "Before you read on, a word about your data and the 611 companies we work with."
    for purpose in ("advertising", "measurement", "research", "development of services"):
        yield (
            f"For {purpose}, we and our partners store and/or access information on a device, such "
            "as cookies, and process personal data, such as unique identifiers and standard "
            "information sent by a device. Some of them rely on legitimate interest, to which you "
            "have a right to object to at any time in the privacy settings."
        )
    yield "Accept all, reject all, or manage your preferences. You can withdraw your consent later."


def test_a_long_consent_wall_is_one_under_the_title_of_the_story_too() -> None:
    for title in ("Your privacy", "Ferry captain refuses new harbour toll - Tidewater Post"):
        assert judge(title, *_long_consent()).kind == "wall"


def test_a_wall_found_by_a_redirect_is_one() -> None:
    html = "<title>Tidewater</title><main><p>We value your privacy. Accept all cookies?</main>"
    page = Page(
        url="https://tidewater.example/cmp/consent?back=1",
        body=html.encode(),
        redirects=(STORY_URL,),
    )
    assert judge_kind(page, extract_page(page)).kind == "wall"


@pytest.mark.parametrize(
    "html",
    [
        "<script>window._cf_chl_opt={cvId:'3'}</script><p>tidewater.example</p>",
        "<div id=px-captcha></div>",
        "<iframe src='https://geo.captcha-delivery.com/captcha/?initialCid=x'></iframe>",
        "<script>window.gokuProps={key:'a'}</script><script src=challenge.js></script>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=1'></script><p>Request unsuccessful.</p>"
        "<p>Incapsula incident ID: 77-1</p>",
        "<meta http-equiv=refresh content='0; url=/privacy-gate?to=%2F'>",
        "<script>window.location.replace('https://login.tidewater.example/sso?x=1')</script>",
    ],
)
def test_a_page_of_nothing_but_a_challenge_is_a_wall(html: str) -> None:
    assert judge_html(f"<html><body>{html}</body></html>").kind == "wall"


def test_the_marks_of_a_challenge_mean_nothing_beside_a_story(paragraphs: tuple[str, ...]) -> None:
    mark = "<script>window._cf_chl_opt={}</script><div class=g-recaptcha></div>"
    assert judge("The river rose", *paragraphs[:3], head=mark).kind == "article"


def test_a_soft_error_with_teasers_of_other_stories_is_an_error() -> None:
    teasers = [
        f"The council of ward {n} will meet on Monday to vote on the money for the new school roof."
        for n in range(12)
    ]
    lead = "Sorry, we can't seem to find the page you're looking for. Here is what others read:"
    assert judge("Page not found – Tidewater Post", lead, *teasers).kind == "error"


def _teasers(count: int) -> str:
    return "".join(
        f"<article><h2><a href='/2031/05/story-{n}'>Mayor {n} opens a bridge across the bay</a></h2>"
        "</article>"
        for n in range(count)
    )


@pytest.mark.parametrize(
    "head",
    [
        "<title>Tidewater Post</title><meta property=og:site_name content='Tidewater Post'>",
        "<title>News from the bay</title><link rel=canonical href='https://tidewater.example/'>",
        "<title>tidewater</title>",
    ],
)
def test_the_front_page_under_the_address_of_a_story_is_told(head: str) -> None:
    html = f"<html><head>{head}</head><body><main>{_teasers(9)}</main></body></html>"
    assert judge_html(html).cause == "front_page"


def test_the_front_page_that_was_asked_for_stands_in_for_nothing() -> None:
    html = (
        f"<html><head><title>Tidewater</title></head><body><main>{_teasers(9)}</main></body></html>"
    )
    assert judge_html(html, "https://tidewater.example/").kind == "article"


# Stories about what walls and errors are about. None has an author or a date: those would help.
STORIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("cookie-banners-must-offer-reject-all-court-rules", "Cookie banners must offer “reject all”, court rules", (
        "A court in Hanover has ruled that websites must show a button to reject all cookies on the first layer of a banner.",
        "The case was brought by the state's data protection officer against a publisher whose banner asked readers to accept all and hid the refusal.",
        "“Consent that is wrung out of people is no consent,” the presiding judge said. The publisher can appeal.")),
    ("captchas-are-harder-for-people-than-for-machines", "Captchas are harder for people than for machines", (
        "“I'm not a robot” has become the most common lie on the web, a study from Irvine suggests.",
        "Researchers asked 1,400 people to prove that they are human. Bots were faster and made fewer mistakes.",
        "Some firms now look at how the mouse moves, and let most visitors pass without a puzzle.")),
    ("bridge-closed-for-maintenance-until-june", "Bridge closed for maintenance until June", (
        "The lift bridge at Holm will be closed for maintenance until the second week of June, the harbour office said.",
        "Ferries will run every twenty minutes. The works were put off twice because of storms.")),
    ("the-art-of-the-404-page", "The art of the 404 page", (
        "“Page not found” need not be the end of a visit. Designers have long hidden jokes where links break.",
        "A museum in Delft collects them: there are whales, lost socks, and a small game about a librarian.",
        "The oldest is from 1994 and says no more than that the file is not there.")),
    ("newspaper-drops-paywall-for-readers-under-25", "Newspaper drops paywall for readers under 25", (
        "The Tidewater Post will let readers under 25 read without a subscription, its publisher said on Friday.",
        "They must register once and log in with a school address. Around 8,000 pupils could benefit.")),
    ("city-website-down-after-database-error", "City website down after database error", (
        "The website of the city of Varnholt was down for six hours on Monday after a database error.",
        "Visitors read that something went wrong and were asked to try again later. No data were lost.")),
    ("access-denied", "Access denied", (
        "For eleven years Marta Ruiz has asked for the file that the secret service kept about her father.",
        "Each spring a letter comes back, two lines long, and each spring she puts it with the others in a drawer.",
        "Now a court has told the archive to open the box, or to say under oath that there is none.")),
    ("48213", "Login-Pflicht für Gemeindeportal beschlossen", (
        "Der Gemeinderat hat am Dienstag beschlossen, dass sich Bürger im Portal künftig anmelden müssen.",
        "Wer sein Passwort vergessen hat, kann sich im Rathaus ein neues geben lassen. Die Umstellung kostet 40.000 Euro.",
        "Kritik kam von der Opposition, die vor zu hohen Hürden für ältere Menschen warnte.")),
    ("77120", "Les bandeaux de cookies dans le viseur de la Cnil", (
        "La Cnil a mis en demeure trente éditeurs dont le bandeau ne permettait pas de tout refuser aussi facilement que de tout accepter.",
        "Les sites ont deux mois pour revoir le recueil du consentement. Les associations y voient une victoire pour la vie privée.",
        "Les éditeurs, eux, redoutent une chute de la publicité personnalisée, dont vivent beaucoup de journaux.")),
    ("91823", "Суд разрешил сайтам удалять старые статьи", (
        "Городской суд постановил, что редакция вправе удалить материал, если он нарушает права частного лица.",
        "По словам адвоката, страница не найдена уже вторую неделю, но копии остались в архивах.",
        "Издание намерено обжаловать решение: редактор считает, что прошлое нельзя переписывать.")),
    ("60233", "クッキー規制、欧州で強化へ", (
        "欧州委員会は火曜日、ウェブサイトでの同意の取り方を改める新たな規則案を公表した。",
        "利用者がすべて拒否を選びやすくすることが柱で、違反した企業には売上高に応じた制裁金が科される。",
        "広告業界は反発しており、議会での審議は来年まで続く見通しだ。")),
    ("33871", "网站维护致购票系统瘫痪三小时", (
        "周二上午，市轮渡公司的购票网站因系统维护瘫痪三小时，数千名乘客在码头排队购票。",
        "公司表示，维护原定于凌晨结束，由于服务器故障一再推迟，下午一时才全面恢复。",
        "市交通局已要求公司提交书面说明，并向当天的乘客退还一半票款。")),
    ("just-a-moment", "Just a moment", (
        "She used to say it on the stairs, one glove on, the taxi already hooting below.",
        "My grandmother was late for everything, and the family built its days around the wait.",
        "When the doctor came with the papers she said it again, and he sat down and had a cup of tea.")),
    ("gdpr-eight-years-on", "Eight years on, the law on data protects banners best", (
        "When the law came, it was said to give people power over their personal data.",
        "What they see of it is a box that says “We value your privacy” and a button that says accept all.",
        "“Nobody reads it,” says Lena Frost, who has counted the clicks of 2,000 readers for a thesis.",
        "Publishers say that without consent the money for reporting would be gone within a year.",
        "The commission wants to ask browsers instead: once, and for every site.")),
)  # fmt: skip


@pytest.mark.parametrize(("slug", "title", "lines"), STORIES, ids=[s[0] for s in STORIES])
def test_a_story_about_walls_and_errors_stays_an_article(
    slug: str, title: str, lines: tuple[str, ...]
) -> None:
    for url in (f"https://tidewater.example/news/{slug}", "https://tidewater.example/a/51"):
        judgement = judge(f"{title} | Tidewater Post", *lines, url=url, heading=title)
        assert judgement.kind == "article", judgement


def test_the_beginning_of_a_story_before_a_paywall_is_an_article() -> None:
    teaser = (
        "Captain Ilse Brand will not pay. On Tuesday she tied her ferry to the old pier, as her "
        "mother did, and told the harbour office to send its bill to the sea."
    )
    wall = (
        "Subscribe to continue reading. Already a subscriber? Log in to continue. Cancel any time."
    )
    for url in (STORY_URL, "https://tidewater.example/a/51"):
        assert (
            judge("Ferry captain refuses new harbour toll", teaser, wall, url=url).kind == "article"
        )


def test_a_short_flash_with_a_consent_banner_in_its_text_is_an_article() -> None:
    flash = (
        "The 18:40 ferry from Holm was cancelled on Tuesday after its captain refused to pay the new "
        "harbour toll. Passengers were taken home by bus, the harbour office said."
    )
    banner = "We use cookies. Accept all cookies or manage your preferences."
    title = "Ferry captain refuses new harbour toll"
    for url in (STORY_URL, "https://tidewater.example/a/51"):
        assert judge(title, banner, flash, url=url).kind == "article"


def test_an_empty_body_is_judged_without_a_complaint() -> None:
    from scraper.article import Article

    for body in (b"", b"\0", b"<title>", b"<" * 5_000, b"<script" * 50_000):
        assert judge_kind(Page(url=STORY_URL, body=body), Article()).kind == "article"
    assert judge_kind(Page(url="", body=b""), Article(title="—")).kind == "article"
