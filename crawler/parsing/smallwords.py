"""The commonest small words of the languages that news is printed in: what tells them apart.

Articles, pronouns, prepositions, conjunctions, auxiliaries; some thirty to forty a language, in
lower case. A word of several languages stands in each of their rows. Where two languages share most
of them (Danish and Norwegian, Czech and Slovak, Zulu and Xhosa) the rows hold what differs, too.
"""

from __future__ import annotations

SMALL_WORDS = {
    "en": """the of and to in is that for it with as was on are be by this at from have has not but
    they his her or an which were will would their said been who more about one had its when what
    there after can you we he she""",
    "de": """der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch
    es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum
    war haben nur oder aber vor zur bis mehr durch man dann soll ich wir""",
    "nl": """de het een van en in is dat op te zijn met voor niet die aan er om ook als dan bij maar
    naar uit door wordt heeft hebben over nog worden werd ze hij je kan meer tot deze geen wat of
    hun deze""",
    "af": """die van en in het is dat om te vir nie op met hy wat aan was sy ook deur word ’n sal by
    hulle maar dit kan uit baie of daar ons een as nog toe""",
    "fr": """le la les de des du et en un une est que qui dans pour par sur au aux avec ce il ne pas
    plus son sa ses se sont été à l d qu n s c cette ont mais ou elle comme nous vous leur être fait
    aussi ces entre après""",
    "es": """el la los las de del y en un una que se por con para su al lo es como más no o pero sus
    le ha este esta son fue también desde entre sobre ya cuando muy sin hasta hay donde han quien
    está años ser""",
    "pt": """o a os as de do da dos das e em no na nos nas um uma que se por com para não é ao mais
    como foi ou mas seu sua pelo pela são também ele ela está até já entre sobre ser quando há isso
    às aos muito""",
    "gl": """o a os as de do da dos das e en no na nos nas un unha que se por con para non é ao máis
    como foi ou pero seu súa polo pola son tamén ata xa entre sobre ser cando hai moi unhas
    tras""",
    "ca": """el la els les de del dels i en un una que es per amb al als ha no és més com va però
    seu seva ser són també aquest aquesta per a l d s entre sobre fins quan ja on hi han molt
    seus pel dels""",
    "it": """il lo la i gli le di del della dei delle dal dalla e in un una che si per con non è al
    alla nel nella sono come più ma anche da ha su ci o se questo questa hanno essere stato loro
    dell nell all l d un c quando""",
    "ro": """și de la în a un o cu pe nu că din care pentru se este mai au fi ca prin după sau ce
    cele sunt fost ale al lui iar dar această acest va între dintre către sa își am nici""",
    "sv": """och att det i en som på är av för med den till har inte om ett men de var han jag så
    från vi kan när hon sig ska nu under man efter också eller vid mot över mycket blir ut bara
    sin""",
    "da": """og at det i en som på er af for med den til har ikke om et men de var han jeg så fra vi
    kan når hun sig skal nu under man efter også eller ved mod over meget bliver ud kun sin blev
    være efter""",
    "no": """og å at det i en som på er av for med den til har ikke om et men de var han jeg så fra
    vi kan når hun seg skal nå under man etter også eller ved mot over mye blir ut bare sin ble være
    etter""",
    "is": """og að í á er sem til um við það en af var með ekki því fyrir hann þeir þetta frá eru
    hefur verið ég þar eftir hún eða þess sér hafa vera um þá upp úr þeim kom""",
    "fo": """og at í á er sum til við tað ein av var hevur ikki fyri hann teir hetta frá eru verið
    eg har eftir hon ella sær hava vera um tá teimum men eisini skal""",
    "fi": """ja on ei että se oli hän mutta myös kun ovat sen tai joka kuin mukaan ole hänen niin
    jos vain nyt sitä jo sekä jonka tämä siitä vielä kuitenkin voi mitä olisi sanoo ovat eivät
    noin""",
    "et": """ja on ei et see oli ta aga ka kui mis oma kes või nii selle mida siis veel nende välja
    pärast olla ning ütles tema meie saab sest kuid seda aasta kus""",
    "lv": """un ir ka no ar uz par tas arī bet lai kas pēc vai nav tika bija tiek tā pie to ja jau
    gan viņš kā savu gada līdz kuri šo""",
    "lt": """ir kad yra tai su į iš bet kaip buvo jis po už nuo dėl apie taip jau tik kuris bus arba
    prie jo šis ne savo metų dar per ji""",
    "pl": """i w na z do się nie to że jest o jak po przez od za dla są ale co oraz tym być był
    tego może ich jego ma tak także czy który która które już przed roku przy jednak tylko""",
    "cs": """a v se na je že s z do i to o jako ve za by pro ale si podle po jsou který která které
    byl bylo od až také jeho při však své tak nebo ze už k jen aby bude není jsem""",
    "sk": """a v sa na je že s z do aj to o ako vo za by pre ale si podľa po sú ktorý ktorá ktoré
    bol bolo od až tiež jeho pri však svoje tak alebo zo už k len aby bude nie som""",
    "sl": """in je v na se da za so z ki pa tudi ne s po bi še ali kot iz pri od do o kar ter bo bil
    bila le med lahko ko ni zaradi že svoje""",
    "hr": """i je u na se da su za od s koji koja koje a što o će kako iz to nije ne ali bi ili po
    tijekom prema bio nakon kao te do samo godine još gdje tko vrijeme također""",
    "sr": """i je u na se da su za od sa koji koja koje a što šta o će kako iz to nije ne ali bi ili
    po tokom prema bio nakon kao te do samo godine još gde ko vreme takođe""",
    "sq": """e të në i me për nga që dhe një se është ka nuk do si më u ku tij kanë por ai kjo ishte
    duke janë deri pas këtë janë edhe""",
    "hu": """a az és hogy nem egy is van ez meg azt mint csak de volt már még el ki vagy pedig után
    szerint lehet ami aki amely minden magyar lesz sem azonban ezt akkor kell""",
    "tr": """ve bir bu da de için ile olarak çok daha olan gibi sonra kadar ne en ancak ise oldu
    olduğu göre var değil her o ya ki şu dedi ama diye edilen mi
    tarafından üzere yapılan ilgili etti son""",
    "az": """və bir bu da də üçün ilə olaraq çox daha olan kimi sonra qədər nə ən isə oldu görə var
    deyil hər o ki dedi amma edilib olub həm onun""",
    "uz": """va bir bu uchun bilan ham deb edi esa bo kerak shu lekin ularning yoki edilgan haqida
    yil keyin o emas uning qilish mumkin bo‘lgan""",
    "id": """yang dan di dengan untuk ini itu dari dalam pada tidak akan ke juga adalah oleh sebagai
    telah tersebut bisa karena ada saat lebih mereka ia kata menjadi sudah bahwa hanya kami tak usai
    jadi""",
    "ms": """yang dan di dengan untuk ini itu dari dalam pada tidak akan ke juga adalah oleh sebagai
    telah tersebut boleh kerana ada ketika lebih mereka beliau kata menjadi sudah bahawa hanya kami
    daripada berkata kepada""",
    "tl": """ang ng sa na mga at ay ni si para hindi ito nang kay siya ko mo niya din rin pa lang
    ngunit kung may dahil nila sila isang""",
    "vi": """và của là có trong được cho các không với một những người này đã khi để từ đến về tại
    cũng năm ra sẽ nhiều theo đó sau như""",
    "sw": """na ya wa kwa ni katika la za kuwa hii huo hilo hiyo lakini pia cha yake wake kutoka
    baada kama watu ili hata huyo alisema""",
    "so": """oo ka ku in iyo ee ah waxaa uu si la ay uga soo kala u ayaa waa waxa isaga markii sida
    dalka""",
    "zu": """ukuthi futhi kanye noma kodwa uma ngoba ukuba ngesikhathi lapho abantu kuthiwa umuntu
    kube yena wathi kusho uthe lokhu nje ngokuthi yini manje kakhulu ngemuva lo lolu ngo ukuze usho
    bathi labo le mayelana kanti""",
    "xh": """ukuba kwaye kunye okanye kodwa xa kuba ngexesha apho abantu kuthiwa umntu yena uthi
    uthe oku nje into ngoku kakhulu emva lo olu ngo ukuze bathi abo le malunga kwakhona kananjalo
    phantsi wathi ngokuba yokuba""",
    "kl": """aamma tamanna taamaattumik ilaatigut taava kisianni imaluunniit maannakkut ukiumi
    aammattaaq naalakkersuisut kalaallit nunaat pillugu ajornanngilaq inuit soorlu naak massakkut
    aappaagut qanoq taamaalilluni uani tassa imaappoq suli ukiut""",
    "ga": """an na agus ar is le go ag i a do sé bhí níl tá ní sa leis mar ach seo sin chun faoi
    siad nach bhfuil aige den""",
    "cy": """y yr a i o yn ar mae wedi ei am gan fod bod ac ond fel oedd hynny hefyd eu sydd nad
    roedd dros wrth hon""",
    "eu": """eta da ez dute du bat izan dira ere bere baina egin zen dela hori horrek edo nola
    dituzte batean gero baino ditu arte den zuen""",
    "mt": """li ta il u fil għal ma minn biex bħala dan din hija huwa kien kienet jew dawn kif mill
    tal fuq qal aktar""",
    "lb": """de vun an d dat net mat fir op ass sech et ginn och als hunn no bei ze eng een awer wéi
    dass si gouf huet am zu""",
    "ha": """da a na ya ta ba ne ce ga cikin wannan don daga kan sun an su shi wani kuma ko amma mai
    yi bayan yadda zai ake""",
    "yo": """ti ni si àwọn ń kan fún pé náà ó tí wọn láti ìlú ìjọba sí gbogbo""",
    "ig": """na nke ndị ọ bụ ya dị maka ka site ha ihe onye ahụ kwuru gị""",
    "ht": """nan yo ki pou ak la li sa a te gen pa ou lè men se yon sou kap fè tout""",
    "ru": """и в на не что с по это как его но за к от о из для у был она они так же или было быть
    также который все уже при только до мы если будет может после""",
    "uk": """і в на не що з та це як його але за до від про із для у був вона вони так же або було
    бути також який всі вже при тільки ми якщо буде може після й щоб є""",
    "be": """і у на не што з гэта як яго але за да ад аб для быў яна яны так ж або было быць таксама
    які усе ўжо пры толькі мы калі будзе можа пасля""",
    "bg": """и в на не че с по това как се но за към от да из си са беше тя те така или било също
    който всички вече при само до ние ако ще може след е""",
    "mk": """и во на не дека со по ова како се но за кон од да ги се беше таа тие така или било исто
    кој сите веќе при само до ние ако ќе може по е""",
    "sr-cyrl": """и је у на се да су за од са који која које а што о ће како из то није не али би
    или по током према био након као те до само године још""",
    "kk": """және бұл мен деп үшін бір осы болып де да ол оның туралы еді бар жоқ болған сондай
    қазақстан ақ""",
    "mn": """байна нь юм болон энэ гэж байгаа болсон хүн тэр ба бол дээр ч""",
    "ar": """في من على إلى أن التي الذي هذا هذه عن مع كان ما بعد لا قد كما بين بن قال أو كل ذلك هو
    هي لم خلال وقد عند منذ""",
    "fa": """و در به از که این را با است برای آن یک خود تا بر هم نیز کرد شد می شده بود اما یا ها
    های او ما""",
    "ur": """کے میں کی ہے اور سے کا کو اس نے پر کہ ہیں یہ بھی تھا کر وہ ایک ہو نہیں تو گیا جو
    لیے""",
    "ps": """د په او چې له کې ته نه دی سره یې هم ده دا پر شوي وي""",
    "ckb": """لە و بۆ بە کە ئەو ئەم لەگەڵ هەیە دەکات کرد بوو""",
    "hi": """के में की है और से का को पर ने यह कि हैं भी इस एक था नहीं कर हो""",
    "mr": """आणि आहे या की ते आहेत हे मध्ये होते तर असे व यांनी नाही""",
    "ne": """र छ को मा ले गर्न भएको छन् पनि गरेको यो हो भन्ने तथा""",
}

#: Languages that a page's own statement tells apart better than their words.
KIN = (
    frozenset(["no", "nb", "nn", "da"]),
    frozenset(["hr", "sr", "bs", "sh", "me", "cnr"]),
    frozenset(["id", "ms"]),
    frozenset(["gl", "pt"]),
    frozenset(["zu", "xh", "nr", "ss"]),
    frozenset(["hi", "mr", "ne"]),
    frozenset(["da", "fo"]),
    frozenset(["tr", "az"]),
)

#: Scripts that stand for one language on news pages, by ranges of code points.
SCRIPTS = (
    ("he", 0x0590, 0x05FF),
    ("th", 0x0E00, 0x0E7F),
    ("lo", 0x0E80, 0x0EFF),
    ("el", 0x0370, 0x03FF),
    ("hy", 0x0530, 0x058F),
    ("ka", 0x10A0, 0x10FF),
    ("am", 0x1200, 0x137F),
    ("km", 0x1780, 0x17FF),
    ("my", 0x1000, 0x109F),
    ("bn", 0x0980, 0x09FF),
    ("pa", 0x0A00, 0x0A7F),
    ("gu", 0x0A80, 0x0AFF),
    ("or", 0x0B00, 0x0B7F),
    ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F),
    ("kn", 0x0C80, 0x0CFF),
    ("ml", 0x0D00, 0x0D7F),
    ("si", 0x0D80, 0x0DFF),
    ("ko", 0xAC00, 0xD7AF),
    ("ja", 0x3040, 0x30FF),
    ("zh", 0x3400, 0x9FFF),
)
