"""One short report in many languages and scripts, as an outlet of each would print it."""

# ruff: noqa: E501 - wide letters count twice, and some scripts have no place to break

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """A language with the report written in it."""

    code: str
    headline: str
    paragraphs: tuple[str, ...]
    direction: str = "ltr"


SPANISH = Tongue(
    "es",
    "El puente del puerto cierra un año por obras",
    (
        "El viejo puente giratorio del puerto cerrará el lunes durante un año, informó la autoridad "
        "portuaria, después de que los buzos hallaran grietas en dos de sus siete pilares.",
        "Unas 9.000 personas lo cruzan cada día. Desde la próxima semana tendrán que tomar el ferry, "
        "que la ciudad ofrecerá gratis desde las cinco de la mañana hasta la medianoche.",
        "«Debimos hacerlo hace diez años», dijo la ingeniera Begoña Núñez. «Cada invierno que "
        "esperamos lo encareció más».",
    ),
)
GERMAN = Tongue(
    "de",
    "Hafenbrücke für ein Jahr gesperrt",
    (
        "Die alte Drehbrücke über den Hafen wird am Montag für ein Jahr gesperrt, teilte die "
        "Hafenbehörde mit, nachdem Taucher Risse in zwei der sieben Pfeiler gefunden hatten.",
        "Rund 9000 Menschen überqueren sie täglich. Von nächster Woche an müssen sie die Fähre "
        "nehmen, die von fünf Uhr früh bis Mitternacht kostenlos fährt.",
        "„Das hätten wir vor zehn Jahren tun müssen“, sagte die Ingenieurin Käthe Groß. „Jeder "
        "Winter hat es teurer gemacht.“",
    ),
)
FRENCH = Tongue(
    "fr",
    "Le pont du port ferme pour un an de travaux",
    (
        "Le vieux pont tournant du port fermera lundi pour un an, a annoncé l'autorité portuaire, "
        "après que des plongeurs ont découvert des fissures dans deux de ses sept piles.",
        "Quelque 9 000 personnes l'empruntent chaque jour. Dès la semaine prochaine, elles devront "
        "prendre le bac, gratuit de cinq heures du matin à minuit, pour un coût de 4 millions d'€.",
        "« Il aurait fallu le faire il y a dix ans », a déclaré l'ingénieure Zoé Lefèvre, du bureau "
        "des œuvres d'art. « Chaque hiver d'attente l'a rendu plus cher. »",
    ),
)
POLISH = Tongue(
    "pl",
    "Most portowy zamknięty na rok",
    (
        "Stary most obrotowy w porcie zostanie w poniedziałek zamknięty na rok, poinformował zarząd "
        "portu, po tym jak nurkowie znaleźli pęknięcia w dwóch z siedmiu filarów.",
        "Codziennie przechodzi przez niego około dziewięciu tysięcy osób. Od przyszłego tygodnia "
        "będą musiały korzystać z promu, który miasto udostępni bezpłatnie.",
        "„Powinniśmy byli to zrobić dziesięć lat temu”, powiedziała inżynier Żaneta Gąsior. „Każda "
        "zima podnosiła koszty.”",
    ),
)
RUSSIAN = Tongue(
    "ru",
    "Мост в порту закрывают на год",
    (
        "Старый разводной мост в порту закроют в понедельник на год, сообщило управление порта, "
        "после того как водолазы нашли трещины в двух из семи опор.",
        "Каждый день по нему проходит около девяти тысяч человек. Со следующей недели им придётся "
        "пользоваться паромом, который город обещает пустить бесплатно.",
        "«Это надо было сделать десять лет назад, - сказала инженер Ольга Журавлёва. - Каждая зима "
        "только увеличивала расходы».",
    ),
)
CHINESE = Tongue(
    "zh",
    "港口旧桥将关闭一年进行维修",
    (
        "港务局周一宣布，由于潜水员在七个桥墩中的两个发现裂缝，港口的旧旋转桥将从下周一起关闭一年进行维修。",
        "每天约有九千人过桥。从下周开始，市民只能改乘渡轮，市政府表示渡轮将从清晨五点到午夜免费运行。",
        "“十年前就应该做这件事，”港务局工程师李文华说，“每拖过一个冬天，费用就增加一分。”",
        "东岸的商户担心生意受到影响。桥头的鱼贩说，五个顾客里有四个是步行过来的。",
    ),
)
TAIWANESE = Tongue(
    "zh",
    "港口舊橋將關閉一年進行維修",
    (
        "港務局週一宣布，由於潛水員在七個橋墩中的兩個發現裂縫，港口的舊旋轉橋將從下週一起關閉一年進行維修。",
        "每天約有九千人過橋。從下週開始，市民只能改搭渡輪，市政府表示渡輪將從清晨五點到午夜免費行駛。",
        "東岸的商家擔心生意受到影響。橋頭的魚販說，五個顧客裡有四個是走路過來的。",
    ),
)
JAPANESE = Tongue(
    "ja",
    "港の旋回橋、修理のため一年間閉鎖",
    (
        "港湾局は月曜日、潜水士が七本の橋脚のうち二本でひび割れを見つけたため、古い旋回橋を来週から一年間閉鎖すると発表した。",
        "毎日およそ九千人がこの橋を渡っている。来週からは渡し船を使わなければならず、市は早朝五時から深夜まで無料で運航するという。",
        "「十年前にやるべきだった」と港湾局の技師、小川明美さんは話す。「冬を越すたびに費用がかさんだ」",
        "東岸の商店主たちは客足が遠のくのを心配している。橋のたもとの魚屋は、客の五人に四人は歩いて来ると話した。",
    ),
)
KOREAN = Tongue(
    "ko",
    "항구 다리, 수리로 일 년간 폐쇄",
    (
        "항만청은 월요일 잠수사들이 일곱 개의 교각 가운데 두 개에서 균열을 발견함에 따라 낡은 회전교를 다음 주부터 일 년간 폐쇄한다고 밝혔다.",
        "매일 약 구천 명이 이 다리를 건넌다. 다음 주부터는 나룻배를 타야 하며, 시는 새벽 다섯 시부터 자정까지 무료로 운행하겠다고 했다.",
        "“십 년 전에 했어야 할 일입니다.” 항만청 기술자 이수진 씨가 말했다. “겨울을 날 때마다 비용이 늘었습니다.”",
    ),
)
ARABIC = Tongue(
    "ar",
    "إغلاق جسر الميناء لمدة عام لإجراء إصلاحات",
    (
        "أعلنت سلطة الميناء أن الجسر الدوار القديم سيغلق يوم الاثنين لمدة عام بعد أن عثر الغواصون على "
        "شقوق في اثنتين من دعائمه السبع.",
        "يعبر الجسر نحو تسعة آلاف شخص كل يوم. وسيضطر هؤلاء ابتداء من الأسبوع المقبل إلى ركوب العبارة "
        "التي ستسيرها المدينة مجانا من الخامسة صباحا حتى منتصف الليل.",
        "وقالت مهندسة الميناء ليلى حداد: كان علينا أن نفعل ذلك قبل عشر سنوات، فكل شتاء انتظرناه زاد "
        "من الكلفة.",
    ),
    "rtl",
)
HEBREW = Tongue(
    "he",
    "גשר הנמל ייסגר לשנה לצורך תיקונים",
    (
        "הגשר המסתובב הישן שמעל הנמל ייסגר ביום שני לשנה, הודיעה רשות הנמל, לאחר שצוללנים מצאו סדקים "
        "בשניים משבעת עמודי התווך שלו.",
        "כתשעת אלפים בני אדם חוצים אותו בכל יום. מהשבוע הבא יצטרכו לעלות על המעבורת, שהעירייה תפעיל "
        "בחינם מחמש בבוקר ועד חצות.",
        "היינו צריכים לעשות את זה לפני עשר שנים, אמרה מהנדסת הרשות תמר לוי. כל חורף שחיכינו ייקר את "
        "העבודה.",
    ),
    "rtl",
)
THAI = Tongue(
    "th",
    "ปิดสะพานท่าเรือหนึ่งปีเพื่อซ่อมแซม",
    (
        "การท่าเรือประกาศเมื่อวันจันทร์ว่าสะพานหมุนเก่าจะปิดเป็นเวลาหนึ่งปี หลังจากนักประดาน้ำพบรอยร้าวในตอม่อสองต้นจากเจ็ดต้น",
        "มีผู้คนข้ามสะพานนี้ประมาณเก้าพันคนต่อวัน ตั้งแต่สัปดาห์หน้าพวกเขาจะต้องใช้เรือข้ามฟาก ซึ่งทางเมืองจะให้บริการฟรีตั้งแต่ตีห้าจนถึงเที่ยงคืน",
        "พ่อค้าแม่ค้าทางฝั่งตะวันออกกังวลเรื่องการค้าขาย คนขายปลาที่เชิงสะพานบอกว่าลูกค้าสี่ในห้าคนเดินข้ามมา",
    ),
)
