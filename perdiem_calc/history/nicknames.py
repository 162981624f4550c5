"""Common American nicknames, each line a given name with its short forms; written for this project.

Two given names of one line may be one person's. A short form stands in several lines where it is short for several.
Where a name's beginning is its short form (Chris, Dan), names are compared by that anyway.
"""

from __future__ import annotations

_LINES = """
abigail abby gail
abraham abe bram
albert al bert
alexander alex al sandy xander lex
alexandra alex sandra sandy lexi
alfred al fred freddie
alice ali allie
allison allie ali
amanda mandy
andrew andy drew
angela angie
ann anne anna annie nan nancy
anthony tony
antonio tony
arthur art artie
barbara barb babs bobbie
benjamin ben benny benji
bernard bernie
beatrice bea trixie
beverly bev
bradley brad
brenda bren
calvin cal
cameron cam
carol carrie
caroline carrie carol
catherine cathy cate cat kate katie kathy kitty
charles charlie chuck chas chip
charlotte charlie lottie
christina christine chris tina chrissy christy kris
christopher chris kit topher
clarence clay
clifford cliff
constance connie
curtis curt
cynthia cindy
daniel dan danny
david dave davey
deborah debra deb debbie
delores dolores dee lola
dennis denny
donald don donny
dorothy dot dottie dolly
douglas doug
edward ed eddie ted teddy ned
edwin ed eddie win
eleanor ellie nell nora
elizabeth liz lizzie beth betsy betty eliza bess libby lisa
ellen ellie nell
emily em emmy
eugene gene
evelyn evie eve
ezekiel zeke
florence flo
frances fran francie frankie
francis frank fran
franklin frank
frederick fred freddie rick
gabriel gabe
gabriella gabby
gail gayle
geoffrey geoff jeff
george georgie
gerald gerry jerry
gilbert gil bert
gloria glo
gregory greg
guadalupe lupe
harold hal harry
harriet hattie
harry henry
helen nell lena
henry hank harry hal
herbert herb bert
howard howie
irene rene
isaac ike
isabella bella izzy belle
jackson jack
jacob jake
jacqueline jackie
james jim jimmy jamie
janet jan
jasmine jazz
jeffrey jeff
jennifer jen jenny
jeremiah jerry
jeremy jerry
jerome jerry
jesse jess
jessica jess jessie
jesus chuy
joan joanie
joanne jo joann
john jack johnny jon
jonathan jon jonny nathan john
jose joe pepe
joseph joe joey
josephine jo josie
joshua josh
juan johnny
judith judy
julia julie jules
justin jus
katherine kathryn kate katie kathy kitty kat kay
kathleen kathy kate katie kay
kenneth ken kenny
kimberly kim
lawrence larry laurie
leonard leo len lenny
leroy roy
leslie les
lillian lily lil
linda lindy
louis lou louie
louise lou
lucille lucy
luis louie
madeline maddie
margaret maggie meg peggy marge margie greta rita madge
maria mary
marjorie marge margie
martha marty patsy
martin marty
mary molly polly mae mamie
matthew matt
maureen mo
maxwell max
melissa missy mel
melvin mel
michael mike mickey mick mitch
michelle shelly
miguel mike
mildred millie
mitchell mitch
nancy nan
natalie nat
nathan nathaniel nate nat
nicholas nick nicky
nicole nikki
norman norm
olivia liv livvie
pamela pam
patricia pat patty tricia trish patsy
patrick pat paddy rick
peter pete
philip phillip phil
phyllis phyl
priscilla cilla
rachel rae
ralph rafe
randall randolph randy
raymond ray
rebecca becky becca
reginald reggie reg
richard rick rich dick ricky richie
robert bob bobby rob robbie bert
roberta bobbie berta
roberto bobby
roderick rod rick
rodney rod
roger rodge
roland rollie
ronald ron ronny ronnie
rosemary rose rosie
roxanne roxie
rudolph rudy
russell russ rusty
ruth ruthie
samantha sam
samuel sam sammy
sandra sandy
sarah sally sadie
sean shawn shaun
sharon shari
shirley shirl
sidney sid
sophia sophie
stanley stan
stephanie steph
stephen steven steve
stuart stewart stu
susan suzanne sue susie suzie
sylvia sylvie
teresa theresa terry tess tessa
terrence terry
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
vernon vern
veronica ronnie roni
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny ginger
vivian viv
wallace wally
walter walt wally
wanda wendy
warren ren
wesley wes
wilfred will fred
wilhelmina mina billie
william bill billy will willie willy liam
winifred winnie
zachary zach zack zac
"""


def _by_name() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_LINES.split("\n")):
        for name in line.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_LINES_OF = _by_name()
_NONE: frozenset[int] = frozenset()


def are_nicknames(one: str, other: str) -> bool:
    """Whether two given names, in plain small letters, may be one person's.

    >>> are_nicknames("william", "bill"), are_nicknames("bill", "willy"), are_nicknames("bill", "bob")
    (True, True, False)
    >>> are_nicknames("christopher", "christine")
    False
    """
    return not _LINES_OF.get(one, _NONE).isdisjoint(_LINES_OF.get(other, _NONE))
