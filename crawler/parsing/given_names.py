"""Given names of many languages, folded: whether a bare line of two words can be a person.

They back up weak evidence alone (a name beside a date, a line under the text); a name that is
introduced, marked or stated needs none. Frequent names of the twentieth century, by language, from
common knowledge; a name that is also an everyday word at a line's start ("Will", "Mark" with a
price) is kept only where the word is rare in headlines.
"""

from __future__ import annotations

from crawler.parsing.text import folded

_NAMES = """
aaron abby abdul abdullah abel abigail abraham achim ada adam adela adele adolf adrian adriana
adrien agata agathe agnes agnieszka agustin ahmad ahmed aida aileen aisha aksel alain alan alba
albert alberto alejandra alejandro aleksandr aleksandra alena alessandra alessandro alessia alex
alexander alexandra alexandre alexandru alexis alfons alfred alfredo ali alice alicia alina aline
alison alla allan allison alma alois alvaro amalia amanda amber amelia amelie amina amir amit amy
ana anand anastasia anders andre andrea andreas andreea andrei andreja andres andrew andrzej andy
anette angela angelica angelika angelina angelo anett anil anita anja anjali anke ann anna annabel
annalena anne annegret anneke anneliese annemarie annett annette annie annika anouk ansgar anthony
antje antoine anton antonella antonia antonio antony anupam anya april ariane ariel arjun armando
armin arnaud arndt arne arnold arthur arturo arun arvid ashley asma astrid athena audrey august
augusto aurelie aurora axel ayse barbara barry bart bartosz bastian beata beate beatrice beatriz
belen ben benedict benedikt benjamin bente bernadette bernard bernd bernhard bert bertram beth
betina bettina betty bianca bill birgit birgitta birte bjoern bjorn bo bob bodo boris brandon
brenda brendan brent brian bridget brigitta brigitte britta brooke bruce bruno bryan bulent burkhard
caitlin caleb cameron camila camilla camille can candice carina carl carla carlo carlos carmen
carol carola carole carolin carolina caroline carolyn carsten casey caspar cassandra catalina
catarina caterina catherine cathrin cathy cecile cecilia celia celine cem cesar charles charlie
charlotte chelsea cheryl chiara chloe chris christa christel christian christiana christiane
christina christine christoph christophe christopher cindy claas claire clara claudia claudio claus
clemens clement cole colin collin connie constance constantin constanze cora cordula corinna
corinne cornelia cornelius courtney craig cristian cristiano cristina curt cynthia dagmar daisy
damian damien dan dana daniel daniela daniele danielle danny daphne daria dariusz darko darren
dave david davide dawn dean debbie deborah debra deepak delia denis denise dennis derek desiree
detlef diana diane didier diego dieter dietmar dietrich dilek dimitri dimitrios dirk dmitri dmitry
dmytro dolores dominic dominik dominika dominique don donald donna doreen doris dorothea dorothee
dorothy dorota doug douglas duncan dustin dylan eberhard eckhard eckhart ed eddie edgar edith
edmund eduard eduardo edward edwin ege egon eileen eirik ekaterina ekkehard elaine elena eleonora
elfriede eli elias elif elisa elisabeth elise eliza elizabeth elke ella ellen elliot elliott elmar
elsa elvira emanuel emil emilia emilie emily emine emma emmanuel emmanuelle emre enrico enrique
eric erica erich erik erika erin ernest ernesto ernst erwin esteban estelle esther ethan eugen
eugene eugenia eva evan evelyn evgeny ewa ewald fabian fabien fabienne fabio fabrice fabrizio
farah fatima fatma federica federico felicia felicitas felix ferdinand fernanda fernando filip
filippo fiona flavia flavio florence florian florina frances francesca francesco francine francis
francisca francisco franck francois francoise frank frans franz franziska fred frederic frederick
frederik frida frieda friederike friedhelm friedrich fritz gabi gabor gabriel gabriela gabriele
gabriella gabrielle gael gaetan gareth gary gavin geert gemma genevieve geoff geoffrey georg george
georges georgia georgina gerald geraldine gerard gerd gerda gerhard gerlinde germain gernot gerold
gert gertrud gesa gesine ghislaine giacomo gianluca gianni gideon gil gilbert gilles gina giorgia
giorgio giovanna giovanni gisela giulia giuliana giulio giuseppe gloria gonzalo gordon gottfried
grace graham greg gregor gregory greta grit grzegorz guadalupe gudrun guenter guenther guido
guillaume guillermo gunnar gunter gunther gustav gustavo guy gwen haakon hakan hal hallgrimur hanna
hannah hannelore hannes hans hansjoerg harald harold harriet harry hartmut hassan hasan hayley
heather hector hedwig heide heidemarie heidi heidrun heike heiko heiner heino heinrich heinz helen
helena helene helga helge hella helmut hendrik henning henri henriette henrik henrike henry herbert
heribert hermann hilary hilda hilde hildegard holger holly horst howard hubert hugo hussein ian
ibrahim ida ignacio igor ike ilaria ilka ilona ilse imke ina indira ines inga inge ingeborg ingo
ingrid inka irene irina iris irma isaac isabel isabell isabella isabelle ismael ismail istvan ivan
ivana ivo iwona izabela jack jackie jaclyn jacob jacqueline jacques jaime jakob jakub jamal james
jamie jan jana jane janet janice janina janine janusz jaroslav jasmin jasmine jason javier jay jean
jeanette jeanne jeannette jeff jeffrey jelena jen jenna jennifer jenny jens jeremy jerome jerry
jerzy jesper jess jesse jessica jesus jill jim jimena jimmy jo joachim joan joana joanna joanne
joao joaquin jochen jodie joe joel joerg joern johan johann johanna johannes john johnny jolanta
jon jonas jonathan jordan jordi jorg jorge jorn jose josef josefine joseph josephine josh joshua
josip joy joyce juan juana juanita juergen jukka jule jules julia julian juliana juliane julie
julien juliet juliette julio julius juraj jurgen justin justine justyna jutta kai kaitlyn kaj
kamil kamila kara karen karim karin karina karl karla karola karolina karoline karsten kasia kasper
katarina katarzyna kate katerina katharina katherine kathleen kathrin kathryn kathy katie katja
katrin katrina kay kazim keith kelly ken kenneth kenny kerry kerstin kevin khaled kilian kim
kirsten kirstin kirsty klara klaus knut konrad konstantin konstantinos kornelia krista kristen
kristian kristin kristina kristine kristof krystyna krzysztof kumar kurt kyle lara larissa larry
lars laszlo laura lauren laurence laurent laurie lea leah leandro lee leif leila lena leo leon
leonard leonardo leonie leonora leopold leslie leticia levi lia liam lidia lilian liliana lilli
lilly lily linda lindsay lindsey line linnea linus lionel lisa lise livia liz loic lola lorena
lorenz lorenzo loretta lothar lotte lou louis louise luc luca lucas lucia lucian luciana lucie
lucien lucy ludger ludovic ludwig luigi luis luisa luise lukas lukasz lutz luz lydia lynn maciej
madeleine madison magda magdalena maggie magnus mahmoud maia maik maike maja malcolm malgorzata
malik malin malte mandy manfred manon manuel manuela mara marc marcel marcela marcelo marcin marco
marcos marcus marek margaret margarete margarita margit margot margret margrit maria mariam
mariana marianne mariano marie mariella marietta marija marijke mariko marilyn marina mario marion
marisa marisol marit marius mariusz marjan mark marko markus marlen marlene marlies marta martha
martin martina martine marty martyna mary maryam massimo mateo mateusz mathias mathieu mathilde
matt matteo matthew matthias matthieu maud maureen maurice mauricio maurizio mauro max maxime
maximilian maxine may maya megan mehmet meike melanie melinda melissa melody mercedes meredith
merle merlin mia micaela michael michaela michal michel michela michele michelle miguel mika mike
mikhail mikael miklos mila milan milena milica millie mina mira miranda miriam mirjam mirko miro
miroslav mitchell mohamed mohammad mohammed moira molly mona monica monika monique moritz morgan
morten moses muhammad murat mustafa myriam nadezhda nadia nadine nadja naomi naresh natalia natalie
natalija natascha natasha nathalie nathan nathaniel neha neil nele nelly nelson nestor nicholas
nick nicki nico nicola nicolas nicole nigel niklas nikola nikolai nikolas nikolaus nikos nils nina
noah noel noemi noor nora norbert norma norman nuno oksana olaf ole oleg oleksandr olena olga
oliver olivia olivier olof omar orhan oscar oskar osman oswald otmar otto owen pablo paige pamela
paola paolo pascal pascale pat patrice patricia patricio patrick patrik patrizia paul paula pauline
paulo pavel pawel pedro peggy penelope penny per perla perrine peter petr petra petros phil philip
philipp philippa philippe phoebe phyllis pia pierre pierrick pieter pilar piotr povilas prakash
pramod priya rabea rachel radek rafael rafal raffaele rahel raimund rainer raj rajesh ralf ralph
ramesh ramiro ramon ramona randall randy raphael raquel rasmus raul ravi ray raymond rebecca rebekka
regina regine regula reiner reinhard reinhold renata renate renato rene renee reto reyhan rhonda
ricarda ricardo riccardo richard rick ricky rita rob robert roberta roberto robin rocio rod
roderick rodney rodolfo rodrigo roger roland rolf roman romain romana romina ron ronald ronja ronny
rosa rosalie rosalind rosanna rose rosemarie rosemary ross roswitha roxana roy ruben rudi rudolf
rudolph rupert russell ruth ryan sabina sabine sabrina sally salvatore sam samantha samir samira
samuel sandeep sandra sandro sandy sanja santiago sara sarah sascha saskia saul scott sean sebastian
sebastien selim selina serena sergei sergey sergio shane shannon sharon shaun shawn sheila shelley
sherry sibylle siegbert siegfried sigrid silke silvana silvia silvio simon simona simone sina
sofia sofie soledad solveig sonia sonja sophia sophie soren stacey stacy stan stanislav stefan
stefania stefanie stefano steffen steffi stella stephan stephane stephanie stephen sterling steve
steven stuart sue sunil sunita suresh susan susana susann susanna susanne susi suzanne svante sven
svenja svetlana swantje sybille sylke sylvain sylvia sylvie tamara tania tanja tanya tara tatiana
tatjana ted teresa terry tess tessa thea thekla theo theodor theodore theresa therese thierry
thilo thomas thorben thorsten thorstein thure tiago tiffany tilda till tillmann tilman tim timm
timo timothy tina tobias todd tom tomas tomasz tommaso tommy toni tony tonya torben tore torsten
tracy travis trevor tricia tristan trudy tyler udo ugo ulf uli ulla ulrich ulrike umberto ursula
ute uta uwe vadim valentin valentina valentino valerie valeria vanessa vasily vera verena vernon
veronica veronika veronique vicente vicky victor victoria vijay viktor viktoria vincent vincenzo
viola violeta virginia virginie vitali vittorio viviana vivian vivien vivienne vlad vladimir volker
volkmar walter waltraud wanda warren wayne wendy wenke werner wesley wiebke wilfried wilhelm willi
william willy winfried wioletta wojciech wolf wolfgang wolfram xaver xavier yann yannick yasmin
yolanda yves yvette yvonne yusuf zachary zeynep zoe zoltan zuzana zsofia
abimbola ayanda bongani chidi chinedu emeka kwame lindiwe mpho nomvula nozipho sibusiso sipho
thabo themba thandi thandiwe zanele zodwa
bjork bjarni einar eirikur freyja gudrun gudmundur haraldur helgi jonas jon katrin kristin olafur
ragnar ragnheidur sigridur sigurdur sigrun stefan thora thordis thorsteinn
nguyen tran le pham hoang vu vo dang bui do ho ngo duong ly phan truong dinh
li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo lin luo gao
kim lee park choi jung kang cho yoon jang lim
akira aiko haruka haruki hiroshi kenji keiko makoto masako naoko satoshi takashi takeshi yoko yuki
александр алексей анастасия андрей анна антон валентина василий виктор виктория владимир вячеслав
галина дарья денис дмитрий евгений екатерина елена иван игорь ирина кирилл константин ксения
лариса людмила максим мария михаил наталья наталия николай оксана олег ольга павел петр роман
светлана сергей станислав татьяна юлия юрий олександр олена андрій сергій наталія ірина тетяна юрій
γιωργος γιαννης δημητρης μαρια ελενη κωστας νικος παναγιωτης σοφια κατερινα βασιλης αννα χρηστος
أحمد محمد محمود علي حسن حسين فاطمة مريم خالد عمر يوسف إبراهيم عبد سارة نور
דוד משה יעל דנה יוסי אבי רונית שרה דניאל מיכל
"""
GIVEN_NAMES = frozenset(folded(name) for name in _NAMES.split())


def begins_with_given_name(name: str) -> bool:
    """Whether a name's first word, or the first half of it, is a given name.

    >>> begins_with_given_name("Karl-Heinz Meier"), begins_with_given_name("Weitere Informationen")
    (True, False)
    """
    first = name.split()[0] if name.strip() else ""
    return folded(first) in GIVEN_NAMES or folded(first.split("-")[0]) in GIVEN_NAMES
