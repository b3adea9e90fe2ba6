"""Words that hold sentences together, in the languages news is written in.

Running text is a third to a half made of them; menus, teasers and lists of names hardly use any.
"""

from typing import Final

STOP_WORDS: Final = frozenset(
    # English
    "the of and to in a is that it for was on are with as his they at be this have from or had by "
    "but not what all were we when your can said there an which she do how their if will up about "
    "out then them these so some her would him into has than been who its he you my our me i "
    "because could should also more after before while where other any only just such "
    # German
    "der die das und ist nicht ein eine einer einem einen zu den von mit sich des auf für im dem "
    "er sie es wir ihr auch als an nach wie aus bei hat war werden wird sind haben oder aber wenn "
    "noch nur über zum zur durch um dass so kann vor bis "
    # Dutch, Danish, Swedish, Norwegian
    "het een van en dat niet zijn met voor op te aan er maar om ook naar uit door over heeft wordt "
    "og det er på til som med af ikke har jeg men fra ved blev efter om vi kan skal være eller "
    "och att som är av för inte den ett han hon var från efter kommer "
    # French
    "le la les des du une est et en que qui dans pour pas sur au avec ce sont par plus il elle ne "
    "se ou mais nous vous ont été cette son sa ses leur comme aux être fait d'un d'une c'est "
    # Spanish, Portuguese, Italian, Catalan, Romanian
    "el los las una que de del y por con no se su para como más pero al lo sus ha este esta son "
    "o os as um uma não da do dos das em na no nos com é ao pela pelo mais foi seu sua também "
    "il lo gli di che è un per non sono della dei delle nel alla con si anche ma dal come "
    "și în la cu nu pe care din este sau mai pentru "
    # Polish, Czech, Slovak, Croatian
    "i w na się nie z do jest że to o jak od po za przez ale tym dla oraz są "
    "je v se že na s z k o jako ale by za po pro při není jsou "
    "u su sa da od ili ne koji što kako "
    # Russian, Ukrainian, Bulgarian, Serbian
    "и в не на с что он как по это но из к у за от для его а о же так бы все был "
    "і й та що це до від про як він вона є або "
    "се да е са за от по със като че ще "
    # Greek
    "και το να του της η ο τα με για από στο την δεν που είναι σε των τον "
    # Turkish, Indonesian, Vietnamese, Hungarian, Finnish
    "ve bir bu da de için ile çok olarak daha gibi olan ama ne "
    "yang dan di ini itu untuk dengan dari tidak pada dalam akan oleh "
    "và của là có cho không được trong với các một những "
    "az és hogy nem egy is ez de meg volt csak már "
    "ja on ei se että oli hän mutta kun joka ovat myös "
    # Arabic, Persian, Hebrew
    "في من على أن إلى عن مع هذا التي الذي كان قد لا ما بعد هذه ذلك "
    "و در به از که این را با است برای آن "
    "של את על לא זה הוא עם גם כי אני היא אל "
    # Hindi, Bengali, Urdu, Korean
    "के है में की से को का और पर यह हैं ने कि भी नहीं "
    "এবং করে এই থেকে না হয় তার "
    "کے میں کی ہے اور سے کو نے پر "
    "있다 그 이 것 수 및 등 있는 했다 대한".split()
)
