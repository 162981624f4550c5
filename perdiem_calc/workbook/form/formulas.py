"""The rules as formulas: the columns and single figures of the sheet Workings, and the boxes that are computed.

In a formula `[key]` is the cell of that column in the same row, `[key^]` the one above it, `{k}` the row's number, so
that every row of a column has the same formula.
Money is in whole cents until it is shown, so that the halves of binary numbers never round the wrong way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from perdiem_calc.claims.trip import WITHOUT_DAYLIGHT_TIME
from perdiem_calc.dated import Law
from perdiem_calc.rules.constructive import TRAVEL
from perdiem_calc.rules.expenses import NEVER
from perdiem_calc.workbook.form.table import MOST_DAYS, MOST_EXPENSES, MOST_STOPS, NEVER_A_ROOM

SPARE_LINES = 4
"""How many rows that a person inserts into Expenses are counted too."""
PUNCTUATION = ".,-/():;#'!?&+*_=\\@~[]"


@dataclass(frozen=True, slots=True)
class Block:
    """A table of the sheet Workings: names of its columns begin with `prefix`; a column is key and formula."""

    prefix: str
    title: str
    rows: int
    columns: tuple[tuple[str, str], ...]


def clean(cell: str) -> str:
    """What a person typed, without blanks around it, no-break blanks included."""
    return f'TRIM(SUBSTITUTE({cell},nbsp," "))'


def number(cell: str) -> str:
    """The number that a person typed, as a number or as text with a dollar sign and commas; else 0."""
    return f'IFERROR(VALUE(SUBSTITUTE(SUBSTITUTE({clean(cell)},"$",""),",","")),0)'


def cents(cell: str) -> str:
    """The whole cents of what a person typed."""
    return f"ROUND({number(cell)}*100,0)"


def day(cell: str) -> str:
    """The day that a person typed, as a date or as text; else 0."""
    return f"IFERROR(INT(VALUE({clean(cell)})),0)"


def minutes(cell: str) -> str:
    """The minute of the day that a person typed, 0530 and 530 too; blank where there is none."""
    value = f"VALUE({clean(cell)})"
    return (
        f'IF({clean(cell)}="","",IFERROR(IF({value}>=1,INT({value}/100)*60+MOD({value},100),'
        f'ROUND({value}*1440,0)),""))'
    )


def code(cell: str, choices: str) -> str:
    """What the claim stores for a choice; blank where nothing of the list is there."""
    return f'IFERROR(INDEX(code_{choices},MATCH({clean(cell)},list_{choices},0)),"")'


def words(cell: str) -> str:
    """A text in lower case, its words with one blank between and around them."""
    text = f'LOWER(SUBSTITUTE({cell},nbsp," "))'
    for sign in PUNCTUATION:
        text = f'SUBSTITUTE({text},"{sign}"," ")'
    return f'" "&TRIM({text})&" "'


def names(word_list: str, text: str) -> str:
    """Whether one of a list of words stands in a text that `words` made."""
    return f"SUMPRODUCT(ISNUMBER(FIND({word_list},{text}))*1)>0"


def _says(text: str, parts: Sequence[str], denials: Sequence[str]) -> str:
    left = f"LOWER({text})"
    for denial in sorted(denials, key=len, reverse=True):
        left = f'SUBSTITUTE({left},"{denial}"," ")'
    return "OR(" + ",".join(f'ISNUMBER(FIND("{part}",{left}))' for part in parts) + ")"


def _denied(text: str, raw: str) -> str:
    """Whether a field that must name a document is blank or says that there is none."""
    return (
        f'OR({raw}="",SUMPRODUCT((list_denials={raw})*1)>0,'
        f"SUMPRODUCT((list_denials=TRIM({text}))*1)>0,"
        f"SUMPRODUCT((LEFT({text},LEN(list_openings))=list_openings)*1)>0)"
    )


def _document(text: str, raw: str, denied: str) -> str:
    """Whether a field names a document: it has a digit, or a single word for one."""
    return (
        f"AND(NOT({denied}),OR(SUMPRODUCT(ISNUMBER(FIND({{0,1,2,3,4,5,6,7,8,9}},{raw}))*1)>0,"
        f'SUMPRODUCT((list_papers=TRIM(SUBSTITUTE({text}," attached "," ")))*1)>0))'
    )


def _first(condition: str, places: str) -> str:
    """The first place at which a condition holds, 0 where it does nowhere."""
    return f"IF(SUMPRODUCT({condition}*1)=0,0,100-SUMPRODUCT(MAX(({condition})*(100-{places}))))"


def _is_dst(minute: str) -> str:
    """Whether a minute, counted from the day 0, is in daylight saving time."""
    year = f"YEAR({minute}/1440)"
    march, november = f"DATE({year},3,8)", f"DATE({year},11,1)"
    return (
        f"AND({minute}>=({march}+MOD(8-WEEKDAY({march}),7))*1440+120,"
        f"{minute}<({november}+MOD(8-WEEKDAY({november}),7))*1440+120)"
    )


def _shift(start: str, end: str) -> str:
    """The minutes by which clocks were set between two minutes."""
    return f"IF(changes_clocks,60*(IF({_is_dst(start)},1,0)-IF({_is_dst(end)},1,0)),0)"


def _month(on: str) -> str:
    """The month of a day, counted from the first that the form knows; 0 outside."""
    month = f"(YEAR({on})*12+MONTH({on})-YEAR(rates_from)*12-MONTH(rates_from)+1)"
    return f"IF(OR({on}<rates_from,{on}>rates_until),0,{month})"


def _rate_of(row: str, month: str) -> str:
    return f"IF(OR({row}<1,{month}<1),0,INDEX(rate_lodging,MAX(1,{row}),MAX(1,{month})))"


def _same_place(one: Sequence[str], other: Sequence[str]) -> str:
    """Whether two places, each city, state and ZIP, are one city of one state, or one ZIP without two cities."""
    (city, state, zip5), (city_2, state_2, zip_2) = one, other
    return f'IF(AND({city}<>"",{city_2}<>""),AND({city}={city_2},{state}={state_2}),AND({zip5}>0,{zip5}={zip_2}))'


def _city(cell: str) -> str:
    text = f'SUBSTITUTE({words(cell)}," saint "," st ")'
    for opening in ("city", "town", "township", "village", "borough"):
        text = f'SUBSTITUTE({text}," {opening} of "," ")'
    return f"TRIM({text})"


def _state(cell: str) -> str:
    return (
        f"IF(LEN({clean(cell)})=2,UPPER({clean(cell)}),IFERROR(INDEX(list_states,MATCH({clean(cell)},"
        f"state_names,0)),UPPER({clean(cell)})))"
    )


def _zip5(cell: str) -> str:
    return f"IFERROR(VALUE(LEFT({clean(cell)},5)),0)"


def _row_of(state: str, area: str, zip_row: str, has_zip: str) -> str:
    """The row of Rates: by the area, else by the ZIP; 0 an ambiguous ZIP, -1 not known, -2 a ZIP of another state."""
    return (
        f'IF({area}<>"",IFERROR(MATCH({state}&"|"&{area},rate_key,0),-1),IF({has_zip}=0,-1,IF({zip_row}<1,{zip_row},'
        f'IF(AND({state}<>"",LEFT(INDEX(rate_key,MAX(1,{zip_row})),2)<>{state}),-2,{zip_row}))))'
    )


def _zip_row(zip5: str) -> str:
    return f"IF({zip5}=0,-1,IFERROR(INDEX(zip_row,MATCH({zip5},zip_from,1)),-1))"


def _place_of_stop(part: str) -> str:
    """A stop's own answer; the fifth place is the course's, where it was held at none of the stops."""
    return f"IF({{k}}={MOST_STOPS + 1},course_{part},INDEX(stop_{part},MIN({MOST_STOPS},{{k}})))"


def blocks(law: Law, on: date) -> tuple[Block, ...]:
    """The tables of Workings, with the figures of the rules in force on a day."""
    return (_stops(), _rooms(), _mie_rows(), _day_trips(), _credits(), _expenses(law, on), _days(law, on))


def _stops() -> Block:
    stop = f"MIN({MOST_STOPS},{{k}})"
    course = f"{{k}}={MOST_STOPS + 1}"
    area = "[area]"
    first_part = (
        f'IF(ISNUMBER(FIND(" / ",{area})),LEFT({area},FIND(" / ",{area})-1),IF({area}="Not listed: '
        f'standard rate","",{area}))'
    )
    return Block(
        "s",
        "Places",
        MOST_STOPS + 1,
        (
            ("no", "={k}"),
            ("state", f"={_state(_place_of_stop('state'))}"),
            ("area", f"={clean(_place_of_stop('area'))}"),
            ("zip", f"={_zip5(_place_of_stop('zip'))}"),
            ("typed", f"={clean(_place_of_stop('city'))}&{clean(_place_of_stop('county'))}"),
            ("used", '=IF([state]&[area]&[typed]="",IF([zip]>0,1,0),1)'),
            ("zip_row", f"={_zip_row('[zip]')}"),
            ("row", f"=IF([used]=0,-1,{_row_of('[state]', '[area]', '[zip_row]', '[zip]')})"),
            ("arrt", f"=IF({course},0,{day(f'INDEX(stop_arrived,{stop})')})"),
            (
                "left",
                f"=IF(OR([used]=0,{course}),0,"
                f"IF({day(f'INDEX(stop_left,{stop})')}>0,{day(f'INDEX(stop_left,{stop})')},"
                "IF(n_trips>0,IF([arrt]>0,[arrt],dep),IF({k}>=4,ret,IF(INDEX(s_arrt,MIN(4,{k}+1))>0,"
                "INDEX(s_arrt,MIN(4,{k}+1)),ret)))))",
            ),
            ("arr", f"=IF(OR([used]=0,{course}),0,IF([arrt]>0,[arrt],IF({{k}}=1,dep,N([left^]))))"),
            (
                "course",
                f'=IF(OR([used]=0,{course}),0,IF({code(f"INDEX(stop_reason,{stop})", "purposes")}="en_route",0,1))',
            ),
            (
                "city",
                f'=IF({clean(_place_of_stop("city"))}<>"",{_city(_place_of_stop("city"))},IF(OR([typed]<>"",'
                f'[zip]>0),"",{_city(first_part)}))',
            ),
            (
                "same",
                "=IF([used]=0,FALSE,OR("
                + ",".join(
                    _same_place(("[city]", "[state]", "[zip]"), (f"{home}_key", f"{home}_code", f"{home}_zip5"))
                    for home in ("station", "residence")
                )
                + "))",
            ),
            ("home", "=AND([used]=1,NOT(station_approved),OR([same],AND([course]=1,INDEX(s_same,MAX(1,due)))))"),
        ),
    )


def _rooms() -> Block:
    def at(key: str) -> str:
        return f"INDEX(room_{key},{{k}})"

    city = clean(at("city"))
    return Block(
        "r",
        "Runs of rooms",
        8,
        (
            ("no", "={k}"),
            ("from", f"={day(at('from'))}"),
            ("to", f"=IF({day(at('to'))}>0,{day(at('to'))},[from])"),
            ("type", f"={code(at('type'), 'rooms')}"),
            ("sharers", f"=MAX(1,{number(at('sharers'))})"),
            ("single", f'=IF({clean(at("single"))}="","",{cents(at("single"))})'),
            ("flat", f"={cents(at('flat'))}"),
            ("statement", f'={code(at("statement"), "yes_no")}="yes"'),
            ("other", f'={code(at("paid_by"), "payers")}="other"'),
            (
                "approved",
                f'=AND(OR({code(at("by"), "approvers")}="nasro",{code(at("by"), "approvers")}="cops"),'
                f"{day(at('on'))}>0,{day(at('on'))}<=dep)",
            ),
            ("ceiling", f"={cents(at('ceiling'))}"),
            ("zip", f'=IFERROR(VALUE(LEFT(TRIM(MID({city},IFERROR(FIND(";",{city}),0)+1,99)),5)),0)'),
            ("zip_row", f"={_zip_row('[zip]')}"),
            (
                "alt",
                f"=IF([approved],MAX(0,{_row_of(_state(at('state')), clean(at('area')), '[zip_row]', '[zip]')}),0)",
            ),
            ("hotel", f"={words(at('hotel'))}"),
        ),
    )


def _mie_rows() -> Block:
    def at(key: str) -> str:
        return f"INDEX(miex_{key},{{k}})"

    return Block(
        "m",
        "M&IE rows",
        5,
        (
            ("no", "={k}"),
            ("from", f"={day(at('from'))}"),
            ("to", f"=IF({day(at('to'))}>0,{day(at('to'))},[from])"),
            ("paid", f'=IF({clean(at("paid"))}="","",{cents(at("paid"))})'),
            ("has_paid", '=IF([paid]="",0,1)'),
            ("excuse", f'=IF({code(at("excuse"), "excuses")}="",0,1)'),
        ),
    )


def _day_trips() -> Block:
    def at(key: str) -> str:
        return f"INDEX(dtrip_{key},{{k}})"

    return Block(
        "t",
        "Day trips",
        7,
        (
            ("no", "={k}"),
            ("date", f"={day(at('date'))}"),
            ("left", f"={minutes(at('left'))}"),
            ("back", f"={minutes(at('back'))}"),
            ("ok", '=AND([date]>0,[left]<>"",[back]<>"")'),
            ("out", "=IF([ok],[date]*1440+[left],0)"),
            ("in", "=IF([ok],[date]*1440+[back]+IF([back]<=[left],1440,0),0)"),
            ("minutes", f"=IF([ok],[in]-[out]+{_shift('[out]', '[in]')},0)"),
        ),
    )


def _credits() -> Block:
    def at(key: str) -> str:
        return f"INDEX(credit_{key},{{k}})"

    return Block(
        "c",
        "Refunds and credits",
        4,
        (
            ("amount", f"={cents(at('amount'))}"),
            ("for", f'={code(at("for"), "credit_for")}&""'),
            ("night", f"={day(at('night'))}"),
            ("line", f"={number(at('line'))}"),
        ),
    )


def _days(law: Law, on: date) -> Block:
    share = law.number("mie-first-last-day", "share", on)
    multiple = law.count("actual-expense-300", "multiple", on)
    stops = range(1, MOST_STOPS + 1)

    def typed(key: str) -> str:
        return clean(f"INDEX(day_{key},MAX(1,[drow]))")

    def meal(key: str) -> str:
        chosen = f'IF({typed(key)}<>"",{typed(key)},{clean(f"every_{key}")})'
        return f'=IF([drow]=0,"",IFERROR(INDEX(code_meals,MATCH({chosen},list_meals,0)),""))'

    def room(key: str) -> str:
        return f"INDEX(r_{key},MAX(1,[sp]))"

    def deducted(tier: str) -> str:
        return "+".join(
            f'IF(OR([{meal}]="registration",[{meal}]="government",[{meal}]="host"),'
            f"INDEX(tier_{meal},MAX(1,[{tier}])),0)"
            for meal in ("breakfast", "lunch", "dinner")
        )

    def entitled(base: str, less: str, tier: str) -> str:
        return (
            f"IF([{less}]=0,[{base}],MIN([{base}],MAX(INDEX(tier_incidental,MAX(1,[{tier}]))*100,"
            f"[{base}]-[{less}]*100)))"
        )

    without = "OR(" + ",".join(f'{room("type")}="{kind}"' for kind in NEVER_A_ROOM) + ")"
    on_stop = "(s_used=1)*(s_no<5)"
    receipt = "[receipt]"
    columns: list[tuple[str, str]] = [
        ("day", "={k}"),
        ("date", '=IF({k}<=trip_days,dep+{k}-1,"")'),
        ("n", "=N([date])"),
        ("drow", "=IFERROR(MATCH({k},day_day,0),0)"),
        (
            "personal",
            f'=IF(OR([n]=0,[drow]=0),0,IF({code("INDEX(day_personal,MAX(1,[drow]))", "yes_no")}="yes",1,0))',
        ),
        ("off", '=IF(OR([n]=0,[personal]=1),"",[n])'),
        ("month", f"=IF([n]=0,0,{_month('[n]')})"),
        ("fy", "=IF([n]=0,0,YEAR([n])+IF(MONTH([n])>9,1,0))"),
        ("before", "=IF({k}=1,0,IF(N([personal^])=1,N([before^]),{k}-1))"),
        ("bstop", "=IF({k}=1,0,IF(N([personal^])=1,N([bstop^]),N([stop^])))"),
        ("here", f"={_first(f'({on_stop}*(s_arr=[n])*(s_left=[n]))', 's_no')}"),
        ("ahead", f"={_first(f'({on_stop}*([n]<s_left))', 's_no')}"),
        (
            "own_stop",
            "=IF([n]=0,0,IF(AND(n_trips>0,[here]>0),[here],IF([ahead]>0,[ahead],IF(AND([here]>0,[before]=0),[here],"
            "IF([before]>0,[bstop],n_stops)))))",
        ),
        ("touched", "=IF([n]=0,0,SUMPRODUCT((t_date>0)*(t_out<([n]+1)*1440)*(t_in>[n]*1440)))"),
        (
            "takes",
            "=IF(OR([n]=0,[before]=0),FALSE,IF(n_trips>0,AND([touched]>0,SUMPRODUCT((t_date=[n])*1)=0),"
            "OR([n]=N(off_last),[n]>=last_left)))",
        ),
    ]
    for stop in stops:
        at = f"INDEX(s_row,{stop})"
        chosen = (
            f"IF([n]*INDEX(s_used,{stop})=0,FALSE,IF(all_same_day,IF(n_course>0,INDEX(s_course,{stop})=1,"
            f"[own_stop]={stop}),IF(AND([own_stop]>0,INDEX(s_arr,MAX(1,[own_stop]))=[n],"
            f"INDEX(s_left,MAX(1,[own_stop]))=[n]),AND(INDEX(s_arr,{stop})=[n],INDEX(s_left,{stop})=[n]),"
            f"[own_stop]={stop})))"
        )
        columns += [
            (f"lod{stop}", f"=IF([n]=0,0,{_rate_of(at, '[month]')})"),
            (f"mie{stop}", f"=IF(OR([n]=0,{at}<1),0,INDEX(rate_mie,MAX(1,{at}),MAX(1,[fy]-first_year+1)))"),
            (f"key{stop}", f"=IF({chosen},[mie{stop}]*10000+[lod{stop}]+1,0)"),
        ]
    most = "MAX([key1],[key2],[key3],[key4])"
    columns += [
        (
            "stop",
            f"=IF([n]=0,0,IF(OR(AND([takes],[n]=ret),{most}=0),[own_stop],IF([key1]={most},1,IF([key2]={most},2,"
            f"IF([key3]={most},3,4)))))",
        ),
        ("row", "=IF([stop]=0,0,INDEX(s_row,MAX(1,[stop])))"),
        ("lod", "=IF([stop]=0,0,CHOOSE([stop],[lod1],[lod2],[lod3],[lod4]))"),
        ("mie_own", "=IF([stop]=0,0,CHOOSE([stop],[mie1],[mie2],[mie3],[mie4]))"),
        ("bmie", "=IF({k}=1,0,IF(N([personal^])=1,N([bmie^]),N([mie^])))"),
        ("bfy", "=IF({k}=1,0,IF(N([personal^])=1,N([bfy^]),N([mfy^])))"),
        ("mie", "=IF([n]=0,0,IF([takes],[bmie],[mie_own]))"),
        ("mfy", "=IF([n]=0,0,IF([takes],[bfy],[fy]))"),
        ("tier", "=IF([n]=0,0,IFERROR(MATCH([mfy]*1000+[mie],tier_key,0),0))"),
        (
            "trip_most",
            "=IF([n]=0,0,SUMPRODUCT(MAX((t_date>0)*(t_out<([n]+1)*1440)*(t_in>[n]*1440)*t_minutes)))",
        ),
        (
            "kind",
            '=IF([n]=0,"",IF(OR([personal]=1,off_first=""),"personal day",IF(n_trips>0,IF([touched]=0,"at home",'
            'IF([trip_most]>720,"day trip","12 hours or less")),IF(is_full,IF(off_first=off_last,"only day",'
            'IF([n]=off_first,"first day",IF([n]=off_last,"last day","full day"))),IF(trip_minutes="","no times '
            'given",'
            'IF(trip_minutes>720,"short trip","12 hours or less"))))))',
        ),
        (
            "share",
            '=IF([n]=0,"",IF([kind]="full day",1,IF(OR([kind]="first day",[kind]="last day",[kind]="only day",'
            f'[kind]="short trip",[kind]="day trip"),{share},0)))',
        ),
        ("night_ok", "=AND([n]>0,[personal]=0,[n]<N(off_last),n_trips=0)"),
        (
            "sp",
            "=IF([n]=0,0,SUMPRODUCT(MAX((r_from>0)*(r_from<=[n])*(r_to>=[n])*r_no)))",
        ),
        ("type", f'=IF([sp]=0,"",{room("type")}&"")'),
        ("no_room", f"=IF([sp]=0,FALSE,{without})"),
        ("typed", f'=IF(OR([n]=0,[drow]=0),"",{typed("room")})'),
        (
            "entry",
            f'=IF([n]=0,0,IF([typed]<>"",1,IF([no_room],1,IF(AND([night_ok],{clean("every_room")}<>""),1,0))))',
        ),
        (
            "room",
            f'=IF([entry]=0,0,IF([typed]<>"",{cents("INDEX(day_room,MAX(1,[drow]))")},IF([no_room],0,'
            f"{cents('every_room')})))",
        ),
        (
            "tax",
            f'=IF([entry]=0,0,IF(IF([drow]=0,"",{typed("tax")})<>"",{cents("INDEX(day_tax,MAX(1,[drow]))")},'
            f"IF(OR([no_room],NOT([night_ok])),0,{cents('every_tax')})))",
        ),
        (
            "receipt",
            f'=IF([entry]=0,"",LOWER(IF(IF([drow]=0,"",{typed("receipt")})<>"",{typed("receipt")},'
            f'IF(OR([no_room],NOT([night_ok])),"",{clean("every_receipt")}))))',
        ),
        ("flat", f"=IF(OR([sp]=0,[entry]=0),0,{room('flat')})"),
        ("free", "=AND([entry]=1,[no_room],[room]=0,[tax]=0,[flat]=0)"),
        ("sharers", f"=IF([sp]=0,1,{room('sharers')})"),
        ("off_room", '=IF([n]=0,0,SUMPRODUCT((c_for="N")*(c_night=[n])*c_amount))'),
        ("off_tax", '=IF([n]=0,0,SUMPRODUCT((c_for="T")*(c_night=[n])*c_amount))'),
        ("w_room", "=MAX(0,[room]-[off_room])"),
        ("w_tax", "=MAX(0,[tax]-[off_tax])"),
        ("w_flat", "=MAX(0,[flat]-MAX(0,[off_tax]-[tax]))"),
        (
            "single",
            f'=IF(OR([sp]=0,[sharers]>1),"",IF({room("single")}="","",'
            f'IF({room("single")}<[w_room],{room("single")},"")))',
        ),
        ("p_room", '=IF([sharers]>1,INT([w_room]/[sharers]),IF([single]="",[w_room],[single]))'),
        (
            "p_tax",
            '=IF([sharers]>1,INT([w_tax]/[sharers]),IF([single]="",[w_tax],MIN([w_tax],IF([room]=0,0,'
            "ROUND([tax]*N([single])/MAX(1,[room]),0)))))",
        ),
        ("p_flat", "=IF([sharers]>1,INT([w_flat]/[sharers]),[w_flat])"),
        ("approved", f"=IF([sp]=0,FALSE,{room('approved')})"),
        ("alt", f"=IF([approved],{room('alt')},0)"),
        ("base", f"=IF([alt]>0,{_rate_of('[alt]', '[month]')},[lod])"),
        (
            "base_mie",
            "=IF([alt]>0,INDEX(rate_mie,MAX(1,[alt]),MAX(1,[fy]-first_year+1)),[mie_own])",
        ),
        (
            "ceiling",
            f"=IF([n]=0,0,100*IF(AND([approved],[sp]>0,{room('ceiling')}>0),MAX([base],MIN({room('ceiling')}/100,"
            f"{multiple}*([base]+[base_mie])-[base_mie])),[base]))",
        ),
        ("bar", '=OR([entry]=0,NOT([night_ok]),AND([type]="own_home",NOT([free])))'),
        ("at_home", "=AND([stop]>0,INDEX(s_home,MAX(1,[stop])))"),
        ("raw", f"={receipt}"),
        ("text", f"={words(receipt)}"),
        ("denied", f"={_denied('[text]', '[raw]')}"),
        ("paper", f'=IF({_document("[text]", "[raw]", "[denied]")},{_paper_key("[text]")},"")'),
        (
            "unpaid",
            f"=OR([bar],AND([denied],NOT([free]),IF([sp]=0,TRUE,NOT({room('statement')}))),not_traveled,[at_home],"
            f"IF([sp]=0,FALSE,{room('other')}))",
        ),
        ("room_ok", "=IF([unpaid],0,MIN([p_room],[ceiling])/100)"),
        (
            "within",
            "=MIN([p_tax],IF([room]=0,0,IF([sharers]>1,IF([p_room]<=[ceiling],INT([tax]/[sharers]),"
            "INT([tax]*[ceiling]/MAX(1,[room]))),ROUND([tax]*MIN([p_room],[ceiling])/MAX(1,[room]),0))))+[p_flat]",
        ),
        ("tax_ok", "=IF([unpaid],0,MIN([within],[p_tax]+[p_flat])/100)"),
        ("claimed", "=[p_room]/100"),
        ("tax_claimed", "=([p_tax]+[p_flat])/100"),
        (
            "over",
            "=IF([bar],0,(MAX(0,[p_room]-[ceiling])+MAX(0,[p_tax]+[p_flat]-[within]))/100)",
        ),
        ("run", "=IF([night_ok],IF({k}=1,1,N([run^])+1),0)"),
        ("breakfast", meal("breakfast")),
        ("lunch", meal("lunch")),
        ("dinner", meal("dinner")),
        ("excused", "=IF([n]=0,0,SUMPRODUCT((m_from>0)*(m_from<=[n])*(m_to>=[n])*m_excuse))"),
        ("paidrow", "=IF([n]=0,0,SUMPRODUCT(MAX((m_from>0)*(m_from<=[n])*(m_to>=[n])*m_has_paid*m_no)))"),
        ("paid", '=IF([paidrow]=0,"",INDEX(m_paid,MAX(1,[paidrow])))'),
        ("less", f"=IF(OR([tier]=0,[excused]>0),0,{deducted('tier')})"),
        ("mbase", "=IF([n]=0,0,ROUND([mie]*100*N([share]),0))"),
        ("ent", f"=IF(OR([mbase]=0,[tier]=0),[mbase],{entitled('mbase', 'less', 'tier')})"),
        ("mie_claimed", '=IF([n]=0,0,IF([paid]="",[ent],[paid])/100)'),
        ("own_home", '=AND([entry]=1,[type]="own_home")'),
        ("has_room", '=AND([room]>0,[type]<>"own_home")'),
        (
            "driven",
            "=IF([n]=0,FALSE,OR(AND(SUMPRODUCT((x_ends=[n])*1)>0,SUMPRODUCT((x_begins=[n]+1)*1)>0),"
            "SUMPRODUCT((x_many=1)*(x_first<=[n])*([n]<x_first+x_times-1)*([n]<N(ends_on)))>0))",
        ),
        (
            "at_night",
            "=AND([n]>0,n_trips=0,[n]<ret,OR([own_home],AND([driven],NOT([has_room]))))",
        ),
        ("mie_barred", "=OR(not_traveled,[at_home],[at_night],IF({k}=1,FALSE,N([at_night^])))"),
        ("mie_ok", '=IF([n]=0,0,IF([mie_barred],0,IF([paid]="",[ent],MIN([ent],[paid])))/100)'),
        ("total", "=IF([n]=0,0,ROUND([room_ok]+[tax_ok]+[mie_ok],2))"),
        ("in_course", "=AND([n]>0,[n]>=course_from,[n]<=course_to,[personal]=0)"),
        ("cn", "=IF([in_course],[n],0)"),
        ("cprev", "=IF({k}=1,0,IF(N([cn^])>0,{k}-1,N([cprev^])))"),
        ("is_clast", "=AND([in_course],[n]=course_last)"),
        (
            "cmie",
            "=IF([in_course],IF(AND([is_clast],[cprev]>0),INDEX(w_mie,MAX(1,[cprev])),[mie]),0)",
        ),
        (
            "ctier",
            "=IF([in_course],IF(AND([is_clast],[cprev]>0),INDEX(w_tier,MAX(1,[cprev])),[tier]),0)",
        ),
        (
            "cbase",
            f"=IF([in_course],ROUND([cmie]*100*IF(OR([is_clast],[n]=course_first),{share},1),0),0)",
        ),
        ("cless", f"=IF(OR([ctier]=0,[excused]>0),0,{deducted('ctier')})"),
        (
            "cent",
            f"=IF([mie_barred],0,IF(OR([cbase]=0,[ctier]=0),[cbase],{entitled('cbase', 'cless', 'ctier')}))",
        ),
        (
            "cnight",
            "=IF(AND([n]>0,[n]>=course_from,[n]<course_to),[room_ok]+[tax_ok],0)",
        ),
        (
            "place",
            '=IF([n]=0,"",IF([row]<1,"?",INDEX(rate_area,MAX(1,[row]))&", "&LEFT(INDEX(rate_key,MAX(1,[row])),2)))',
        ),
        *((f"bill{part + 1}", f"=[room]{more}") for part, more in enumerate(("", "+[tax]", "+[tax]+[flat]"))),
        ("bill4", "=INT([room]/[sharers])"),
        ("bill5", "=[bill4]+INT([tax]/[sharers])"),
        ("bill6", "=[bill5]+INT([flat]/[sharers])"),
        ("shown_ceiling", '=IF([night_ok],[ceiling]/100,"")'),
        ("shown_room", '=IF([entry]=0,"",[room_ok])'),
        ("shown_tax", '=IF([entry]=0,"",[tax_ok])'),
        ("shown_mie", '=IF(OR([n]=0,[personal]=1),"",[mie])'),
    ]
    return Block("w", "Days", MOST_DAYS, tuple(columns))


def _paper_key(text: str) -> str:
    """What a receipt is known by: its words without blanks, and without the kind of paper before a number."""
    key = text
    for paper in ("receipt", "folio", "invoice", "bill", "ticket", "no"):
        key = (
            f'IF(LEFT({key},{len(paper) + 2})=" {paper} ",MID({key},{len(paper) + 2},99),{key})'
            if paper == "no"
            else key
        )
    return f'SUBSTITUTE({key}," ","")'


def _expenses(law: Law, on: date) -> Block:
    def at(key: str) -> str:
        return f"INDEX(exp_{key},[p])"

    entries = law.rules["laundry"].values["needs"].entries
    by_approval = next(entry.effective_from for entry in entries if entry.value == "approval")
    nights = law.count("laundry", "nights", entries[0].effective_from)
    threshold = int(law.number("chp-settings", "receipt_threshold", on) * 100)

    def said(rule: str, parts: str, denials: str) -> str:
        return _says(clean(at("description")), law.words(rule, parts, on), law.words(rule, denials, on))

    never = "OR(" + ",".join(f'[code]="{name}"' for name in NEVER) + ")"
    carrier = 'OR([code]="airfare",[code]="rail_bus")'
    ticket = f"LOWER({clean(at('ticket'))})"
    travel = "OR(" + ",".join(f'[code]="{name}"' for name in sorted(TRAVEL)) + ")"
    limited = (
        f"IF({never},0,"
        'IF([code]="pov_mileage",IF([fleet],0,IF([declined],MIN([net],[low]),[net])),'
        f'IF({carrier},MIN(IF([premium],MIN([net],[coach]),[net]),IF([left]="",[net],[left])),'
        'IF([code]="seat_fee",IF([approved],[net],0),'
        'IF([code]="baggage",IF(OR([approved],[bags]=0),[net],0),'
        f'IF([code]="parking",IF({clean(at("taxi"))}="",[net],MIN([net],{cents(at("taxi"))})),'
        'IF([code]="rental_insurance",0,'
        f'IF([code]="rental_fuel",IF({said("rental-car", "prepaid_words", "prepaid_denials")},0,[net]),'
        f'IF([code]="resort_fee",IF({said("not-allowable", "optional_words", "optional_denials")},0,[net]),'
        f'IF([code]="laundry",IF(IF([date]>={_serial(by_approval)},[approved],longest_stay>={nights}),[net],0),'
        'IF([code]="lodging_fee",MIN([net],[fee_limit]),[net])))))))))))'
    )
    many = "SUMPRODUCT((x_paper=[paper])*"
    bills = "+".join(f"(w_bill{part}=[cost])" for part in range(1, 7))
    columns: list[tuple[str, str]] = [
        ("no", "={k}"),
        ("p", "=MIN({k},ROWS(exp_line))"),
        ("code", f'=IF([no]>[p],"",{code(at("category"), "categories")})'),
        ("used", f'=IF(OR([no]>[p],{clean(at("category"))}=""),0,1)'),
        ("date", f"=IF([no]>[p],0,{day(at('date'))})"),
        ("times", f"=MAX(1,{number(at('times'))})"),
        (
            "rate_row",
            '=IF(OR([code]<>"pov_mileage",[date]<INDEX(mileage_from,1),[date]>mileage_until),0,MATCH([date],'
            "mileage_from,1))",
        ),
        ("miles", f"=IF([no]>[p],0,ROUND({number(at('miles'))}*100,0))"),
        ("rate", "=IF([rate_row]=0,0,INDEX(mileage_rate,MAX(1,[rate_row])))"),
        ("shown_rate", '=IF([code]="pov_mileage",[rate],"")'),
        (
            "low",
            "=IF([rate_row]=0,0,ROUND([miles]*[times]*ROUND(INDEX(mileage_low,MAX(1,[rate_row]))*1000,0)/1000,0))",
        ),
        (
            "cost",
            f'=IF([used]=0,0,IF([code]="pov_mileage",ROUND([miles]*[times]*ROUND([rate]*1000,0)/1000,'
            f"0),{cents(at('amount'))}))",
        ),
        ("total", f'=IF({clean(at("receipt_total"))}="","",{cents(at("receipt_total"))})'),
        ("shown_cost", '=IF([total]="",[cost],MIN([cost],[total]))'),
        ("credits", f'={cents(at("credit"))}+SUMPRODUCT((c_for="E")*(c_line=INDEX(exp_line,[p]))*c_amount)'),
        ("credit", "=MIN([shown_cost],[credits])"),
        ("beyond", "=IF([used]=0,0,[credits]-[credit])"),
        ("net", "=[shown_cost]-[credit]"),
        ("claimed", "=([cost]-[credit])/100"),
        (
            "approved",
            f"=AND({day(at('approved_on'))}>0,NOT({_denied('[by]', '[by_raw]')}),"
            "SUMPRODUCT((LEFT([by],LEN(list_refusals))=list_refusals)*1)=0)",
        ),
        ("by", f"={words(at('approval'))}"),
        ("by_raw", f"=LOWER({clean(at('approval'))})"),
        ("plate", f'=SUBSTITUTE(SUBSTITUTE(UPPER({clean(at("plate"))})," ",""),"-","")'),
        (
            "fleet",
            '=AND([code]="pov_mileage",SUMPRODUCT((x_code="agency_vehicle_fuel")*1)>0,OR([plate]="",'
            'SUMPRODUCT((x_code="agency_vehicle_fuel")*(x_plate=[plate]))>0))',
        ),
        ("declined", f'={code(at("declined"), "yes_no")}="yes"'),
        ("premium", f'={code(at("fare_class"), "fares")}="premium"'),
        ("coach", f"={cents(at('coach_fare'))}"),
        ("direct", f'=IF(OR(NOT({carrier}),{clean(at("direct_fare"))}=""),"",{cents(at("direct_fare"))})'),
        ("out", "=ABS([date]-dep)<=ABS([date]-ret)"),
        (
            "bags",
            '=IF([code]="baggage",SUMPRODUCT((x_no<{k})*(x_code="baggage")*(x_out=[out])*(x_approved=FALSE)),0)',
        ),
        (
            "fee_stop",
            "=IF([date]<dep,1,IF([date]>ret,MAX(1,n_stops),MAX(1,INDEX(w_stop,MAX(1,MIN(31,[date]-dep+1))))))",
        ),
        (
            "fee_limit",
            f'=IF([code]<>"lodging_fee",0,100*IF(AND([date]>=dep,[date]<ret),INDEX(w_lod,MAX(1,MIN(31,'
            f"[date]-dep+1))),"
            f"{_rate_of('INDEX(s_row,[fee_stop])', _month('[date]'))}))",
        ),
        ("left", f'=IF(OR(direct_fare="",NOT({carrier})),"",MAX(0,direct_fare-IF({{k}}=1,0,N([used_up^]))))'),
        ("limited", f'=IF([code]="",0,{limited})'),
        (
            "paper_text",
            f"={words(at('receipt'))}",
        ),
        ("paper_raw", f"=LOWER({clean(at('receipt'))})"),
        ("paper_denied", f"={_denied('[paper_text]', '[paper_raw]')}"),
        (
            "paper",
            f'=IF([used]=0,"",IF({_document("[paper_text]", "[paper_raw]", "[paper_denied]")},'
            f'{_paper_key("[paper_text]")},""))',
        ),
        ("ticket", f'=IF({carrier},SUBSTITUTE({words(at("ticket"))}," ",""),"")'),
        ("twice", '=IF([ticket]="",FALSE,SUMPRODUCT((x_no<{k})*(x_ticket=[ticket]))>0)'),
        (
            "equal",
            '=IF(OR([paper]="",[never],[code]="pov_mileage"),FALSE,SUMPRODUCT((x_no<{k})*(x_paper=[paper])*'
            "(x_date=[date])*(x_code=[code])*(x_cost=[cost])*(x_never=FALSE))>0)",
        ),
        ("never", f"={never}"),
        (
            "again",
            '=IF(OR([paper]="",[never],[code]="pov_mileage"),FALSE,AND('
            'SUMPRODUCT((x_no<{k})*(x_paper=[paper])*(x_never=FALSE)*(x_code<>"pov_mileage"))>0,'
            "SUMPRODUCT((w_entry=1)*(w_paper=[paper])*1)=0,"
            f'NOT(IF([total]="",FALSE,AND({many}(x_total<>[total]))=0,{many}x_amount)<=[total])))))',
        ),
        ("amount", f"=IF([no]>[p],0,{cents(at('amount'))})"),
        (
            "words",
            f'=IF([code]="other",OR({names("list_lodging", words(at("description")))},'
            f"{names('list_lodging', words(at('vendor')))}),FALSE)",
        ),
        ("same_paper", '=IF([paper]="",0,SUMPRODUCT((w_entry=1)*(w_paper=[paper])))'),
        ("same_bill", f"=IF(OR([cost]=0,[date]=0),0,SUMPRODUCT((w_entry=1)*(w_n=[date])*(({bills})>0)))"),
        (
            "same_both",
            f'=IF(OR([paper]="",[cost]=0),0,SUMPRODUCT((w_entry=1)*(w_n=[date])*(w_paper=[paper])*(({bills})>0)))',
        ),
        (
            "whole",
            '=IF(OR([paper]="",[cost]=0),FALSE,OR(SUMPRODUCT((w_entry=1)*(w_paper=[paper])*'
            f"(({bills})>0))>0,"
            + ",".join(f"SUMPRODUCT((w_entry=1)*(w_paper=[paper])*w_bill{part})=[cost]" for part in range(1, 7))
            + "))",
        ),
        (
            "lodging",
            f'=IF(OR([used]=0,{carrier},[code]="pov_mileage"),FALSE,IF([code]<>"other",[same_both]>0,'
            'IF([same_bill]>0,OR([words],[paper]="",[same_paper]>0),AND([same_paper]>0,OR([words],[whole])))))',
        ),
        (
            "doc_denied",
            f'=AND([paper_denied],OR(NOT({carrier}),[paper_raw]<>"",{_denied(words(at("ticket")), ticket)}))',
        ),
        (
            "lacks",
            f'=AND([code]<>"",[code]<>"pov_mileage",[cost]>{threshold},[doc_denied],'
            f'{code(at("statement"), "yes_no")}<>"yes")',
        ),
        ("other", f'={code(at("paid_by"), "payers")}="other"'),
        ("barred", "=OR([twice],[equal],[again],[lodging],[lacks],[other])"),
        ("allowed", "=IF([barred],0,[limited])/100"),
        ("used_up", f'=IF({{k}}=1,0,N([used_up^]))+IF(AND({carrier},[left]<>""),ROUND([allowed]*100,0),0)'),
        ("travel", f"=IF({travel},[allowed],0)"),
        ("group", '=IF([code]="","",INDEX(category_group,MATCH([code],code_categories,0)))'),
        (
            "comparable",
            f'=IF(OR(AND([code]<>"pov_mileage",[code]<>"rental_car"),{clean(at("comparable"))}=""),'
            f'"",{cents(at("comparable"))})',
        ),
        ("from", f"={words(at('from'))}"),
        ("to", f"={words(at('to'))}"),
        *_ends_of_drive("from"),
        *_ends_of_drive("to"),
        (
            "counts",
            '=AND([code]="pov_mileage",OR([times]>1,AND([date]>=dep,[date]<=ret)),OR(n_carriers=0,'
            "AND(NOT([from_term]),NOT([to_term]),OR([from_stop],[to_stop]))))",
        ),
        (
            "both",
            f"=AND([counts],OR([from_home],[to_home]),OR({clean(at('from'))}={clean(at('to'))},[times]>1,"
            f"{names('list_round', words(at('description')))},{names('list_round', words(at('reason')))},"
            f"{names('list_round', '[from]')},{names('list_round', '[to]')}))",
        ),
        ("ends", "=IF(AND([counts],OR([to_home],[both])),[date],0)"),
        ("begins", "=IF(AND([counts],OR([from_home],[both])),[date],0)"),
        ("many", "=IF(AND([both],[times]>1),1,0)"),
        ("first", "=IF([many]=1,MAX(MIN([date],N(ends_on)-([times]-1)),N(starts_on)),0)"),
        ("why", f"={_why(threshold)}"),
        (
            "over_75",
            f'=IF(AND([used]=1,[code]<>"pov_mileage",[code]<>"airfare",[code]<>"rail_bus",[code]<>"rental_car",'
            f"[allowed]>{threshold}/100),1,0)",
        ),
    ]
    return Block("x", "Expenses", MOST_EXPENSES + SPARE_LINES, tuple(columns))


def _ends_of_drive(end: str) -> tuple[tuple[str, str], ...]:
    """What an end of a drive names: a terminal, a place of the trip, home."""
    text = f"[{end}]"
    folded = f'SUBSTITUTE({text}," saint "," st ")'
    by_zip = (
        "OR("
        + ",".join(
            f'AND({home}_zip5>0,ISNUMBER(FIND(" "&TEXT({home}_zip5,"00000")&" ",{text})))'
            for home in ("station", "residence")
        )
        + ")"
    )
    by_city = (
        "OR("
        + ",".join(
            f'AND({home}_key<>"",SUMPRODUCT((s_used=1)*(s_city={home}_key))=0,ISNUMBER(FIND(" "&{home}_key&" '
            f'",{folded})))'
            for home in ("station", "residence")
        )
        + ")"
    )
    return (
        (f"{end}_term", f'=AND([code]="pov_mileage",{names("list_terminals", text)})'),
        (
            f"{end}_stop",
            f'=AND([code]="pov_mileage",OR(SUMPRODUCT((s_city<>"")*ISNUMBER(FIND(" "&s_city&" ",{folded})))>0,'
            f'AND(course_host_words<>"  ",ISNUMBER(FIND(course_host_words,{text}))),'
            f'SUMPRODUCT((r_hotel<>"  ")*ISNUMBER(FIND(r_hotel,{text})))>0,'
            f"AND(NOT([{end}_term]),{names('list_stops', text)})))",
        ),
        (
            f"{end}_home",
            f'=AND([code]="pov_mileage",NOT([{end}_term]),OR({by_city},{by_zip},AND({names("list_homes", text)},'
            f"NOT([{end}_stop]))))",
        ),
    )


def _why(threshold: int) -> str:
    """The note of a line: why it is paid less, in words."""
    reasons = [
        ("[used]=0", ""),
        ('[code]=""', "Choose from the list in the column What."),
        (
            'AND([code]="pov_mileage",[rate]=0)',
            "No mileage rate for this date: check it, or ask NASRO for a newer form.",
        ),
        ("[cost]=0", "Not counted: type the amount, or the miles."),
        *((f'[code]="{name}"', f"Not paid: {why}.") for name, (_, why) in NEVER.items()),
        ("[lacks]", f"Receipt missing: needed above ${threshold // 100}."),
        ("[other]", "Not paid: someone else paid it."),
        ("[twice]", "Not paid: this ticket is on an earlier line."),
        ("OR([equal],[again])", "Not paid: this receipt is on an earlier line."),
        ("[lodging]", "Not paid: this is lodging that is on Days already."),
        ("[fleet]", "Not paid by the mile: name the plate of a private car."),
        ('AND([code]="seat_fee",NOT([approved]))', "Not paid: a seat fee needs an approval, by whom and when."),
        (
            'AND([code]="baggage",NOT([approved]),[bags]>0)',
            "Not paid: a second bag needs an approval, by whom and when.",
        ),
        ('[code]="rental_insurance"', "Not paid: rental insurance in the contiguous states."),
        ('AND([code]="rental_fuel",[limited]=0)', "Not paid: prepaid fuel."),
        ('AND([code]="resort_fee",[limited]=0)', "Not paid: an optional fee."),
        ('AND([code]="laundry",[limited]=0)', "Not paid: laundry needs an approval, by whom and when."),
        ('AND([code]="lodging_fee",[limited]<[net])', "Paid up to the room limit of the night."),
        ("AND([premium],[limited]<[net])", "Paid up to the coach fare."),
        ('AND([left]<>"",[limited]<[net])', "Paid up to the fare on the direct dates."),
        ('AND([code]="parking",[limited]<[net])', "Paid up to the taxi fares saved."),
        ("AND([declined],[limited]<[net])", "Paid at the lower rate: an agency car was there."),
        ('AND([total]<>"",N([total])<[cost])', "The receipt shows less."),
        ("[credit]>0", "Less the refund."),
    ]
    text = '""'
    for condition, said in reversed(reasons):
        text = f'IF({condition},"{said}",{text})'
    return text


def _serial(on: date) -> int:
    """A day as spreadsheets count it."""
    return (on - date(1899, 12, 30)).days


def figures(law: Law, on: date) -> tuple[tuple[str, str, str], ...]:
    """The single figures of Workings, in the order of the sheet: defined name, label, formula."""
    no_clock = ",".join(f'station_code="{state}"' for state in sorted(WITHOUT_DAYLIGHT_TIME))
    course_words = (
        law.words("chp-course", name, on) for name in ("provider_words", "course_words", "other_course_words")
    )
    provider, course, other = (
        "OR(" + ",".join(f'ISNUMBER(SEARCH("{word}",course_title))' for word in said) + ")" for said in course_words
    )
    hours = law.count("chp-course", "hours", on)
    outcome = code("course_outcome", "outcomes")

    def home(name: str, said: str) -> tuple[tuple[str, str, str], ...]:
        return (
            (f"{name}_key", f"{said}: city", f"={_city(f'{name}_city')}"),
            (f"{name}_code", f"{said}: state", f"={_state(f'{name}_state')}"),
            (f"{name}_zip5", f"{said}: ZIP", f"={_zip5(f'{name}_zip')}"),
        )

    def minute(which: str) -> str:
        return f"={minutes(f'trip_{which}_time')}"

    zip3 = "INT(station_zip5/100)"
    return (
        ("dep", "Departure", f"={day('trip_departed_on')}"),
        ("back_on", "Return as typed", f"={day('trip_returned_on')}"),
        ("dep_min", "Minute of departure", minute("departed")),
        ("back_min", "Minute of return", minute("returned")),
        ("ret", "Last day of travel", "=IF(AND(ISNUMBER(back_min),N(back_min)=0,back_on>dep),back_on-1,back_on)"),
        (
            "trip_days",
            "Days of the trip",
            f"=IF(AND(dep>=rates_from,ret>=dep,ret<=rates_until,ret-dep<{MOST_DAYS}),ret-dep+1,0)",
        ),
        ("first_year", "First fiscal year", "=YEAR(rates_from)+1"),
        ("starts_on", "Course starts", f"={day('course_starts_on')}"),
        ("ends_on", "Course ends", f"={day('course_ends_on')}"),
        ("ends_min", "Minute the course ends", f"={minutes('course_ends_at')}"),
        ("off_first", "First official day", '=IF(COUNT(w_off)=0,"",MIN(w_off))'),
        ("off_last", "Last official day", '=IF(COUNT(w_off)=0,"",MAX(w_off))'),
        ("n_personal", "Personal days", "=SUM(w_personal)"),
        ("n_trips", "Day trips", '=COUNTIF(t_date,">0")'),
        *home("station", "Station"),
        *home("residence", "Residence"),
        ("course_host_words", "Host", f"={words('course_host')}"),
        (
            "changes_clocks",
            "Clocks change at the station",
            f'=IF(station_code<>"",NOT(OR({no_clock})),NOT(OR(AND({zip3}>=850,{zip3}<=865),AND({zip3}>=6,{zip3}<=9),'
            f"{zip3}=967,{zip3}=968,{zip3}=969)))",
        ),
        (
            "start_at",
            "Official start, in minutes",
            '=IF(off_first="","",IF(off_first=dep,IF(dep_min="","",dep*1440+dep_min),off_first*1440))',
        ),
        (
            "end_at",
            "Official end, in minutes",
            '=IF(off_last="","",IF(off_last=ret,IF(back_min="","",back_on*1440+back_min),'
            'IF(ends_min="","",off_last*1440+ends_min)))',
        ),
        (
            "trip_minutes",
            "Minutes of the trip",
            f'=IF(OR(start_at="",end_at=""),"",end_at-start_at+{_shift("start_at", "end_at")})',
        ),
        (
            "is_full",
            "24 hours or more",
            '=IF(off_first="",FALSE,IF(trip_minutes="",off_last>off_first,trip_minutes>=1440))',
        ),
        ("n_stops", "Places", "=SUMPRODUCT(MAX((s_used=1)*(s_no<5)*s_no))"),
        ("n_course", "Places of the course", "=SUM(s_course)"),
        (
            "all_same_day",
            "No night at any place",
            "=AND(NOT(is_full),n_trips=0,SUMPRODUCT((s_used=1)*(s_no<5)*(s_arr<>s_left))=0)",
        ),
        ("last_left", "Left the last place", "=IF(n_stops=0,0,INDEX(s_left,MAX(1,n_stops)))"),
        (
            "due",
            "Place of the course",
            "=IF(INDEX(s_used,5)=1,5,IF(n_course=0,MIN(1,n_stops),MATCH(1,s_course,0)))",
        ),
        (
            "station_approved",
            "Course at the station approved",
            f'=AND({code("approval_by", "station_approvers")}<>"",{day("approval_on")}>0,{day("approval_on")}<dep)',
        ),
        (
            "not_traveled",
            "Cancelled, and no travel",
            f'=AND({outcome}="cancelled",{code("course_traveled", "yes_no")}="no")',
        ),
        ("longest_stay", "Nights in a row", "=MAX(w_run)"),
        ("exp_lines", "Lines of expenses", "=SUM(x_used)"),
        ("n_carriers", "Tickets", '=SUMPRODUCT((x_code="airfare")+(x_code="rail_bus"))'),
        (
            "direct_fare",
            "Fare on the direct dates",
            '=IF(OR(n_personal=0,COUNT(x_direct)=0),"",MIN(x_direct))',
        ),
        ("is_whole", "Compared as a whole trip", "=AND(is_full,n_trips=0)"),
        (
            "course_from",
            "At the course from",
            "=IF(is_whole,IF(n_course=0,INDEX(s_arr,1),INDEX(s_arr,MATCH(1,s_course,0))),dep)",
        ),
        (
            "course_to",
            "At the course until",
            "=IF(is_whole,MIN(ret,IF(n_course=0,last_left,INDEX(s_left,SUMPRODUCT(MAX((s_course=1)*s_no))))),ret)",
        ),
        ("course_first", "First day there", "=IF(SUM(w_cn)=0,0,SUMPRODUCT(MIN(w_cn+(w_cn=0)*999999)))"),
        ("course_last", "Last day there", "=MAX(w_cn)"),
        ("comparable", "The authorized way, in cents", '=IF(COUNT(x_comparable)=0,"",MIN(x_comparable))'),
        (
            "actual",
            "The trip as it was made",
            "=ROUND(SUM(w_room_ok)+SUM(w_tax_ok)+SUM(w_mie_ok)+SUM(x_travel),2)",
        ),
        (
            "constructive",
            "The trip by the authorized way",
            "=ROUND(N(comparable)/100+SUM(w_cnight)+IF(is_whole,SUM(w_cent)/100,SUM(w_mie_ok)),2)",
        ),
        (
            "over_comparison",
            "Above the authorized way",
            '=IF(comparable="",0,MAX(0,ROUND(actual-constructive,2)))',
        ),
        (
            "credits_off",
            "Credits off the total",
            '=MIN((SUMPRODUCT((c_for="")*c_amount)+SUM(x_beyond)+SUMPRODUCT((w_entry=1)*((w_off_room>w_room)*'
            "(w_off_room-w_room)+(w_off_tax>w_tax+w_flat)*(w_off_tax-w_tax-w_flat))))/100,MAX(0,ROUND(SUM(w_room_ok)"
            "+SUM(w_tax_ok)+SUM(w_mie_ok)+SUM(x_allowed)-over_comparison,2)))",
        ),
        (
            "counted_on",
            "The claim counts as of",
            f"=IF({day('submitted_on')}>0,{day('submitted_on')},IF({day('received_on')}>0,{day('received_on')},"
            f"{day('prepared_on')}))",
        ),
        (
            "due_on",
            "Due on",
            f"=IF({day('course_completed_on')}=0,0,{day('course_completed_on')}+"
            f"{law.count('chp-30-days', 'days', on)})",
        ),
        (
            "keep_until",
            "Keep until",
            f"=IF(counted_on=0,0,EDATE(counted_on,{law.count('chp-retention', 'months', on)}))",
        ),
        (
            "block_course",
            "Not payable: course",
            f"=OR(NOT({provider}),NOT({course}),{other},{number('course_hours')}<{hours})",
        ),
        (
            "block_done",
            "Not payable: completion",
            f'=IF(OR({outcome}="failed",{outcome}="withdrawn"),TRUE,IF({outcome}="cancelled",FALSE,'
            f"OR({day('course_completed_on')}=0,{day('course_completed_on')}>counted_on)))",
        ),
        (
            "block_cert",
            "Not payable: certificate",
            f'=AND(OR({outcome}="",{outcome}="completed"),{code("INDEX(doc_status,2)", "statuses")}<>"attached")',
        ),
        ("block_payee", "Not payable: payee", f'={code("agency_payee_kind", "payees")}="individual"'),
        ("block_coord", "Not payable: coordination", f'={code("course_coordinated", "yes_no")}="no"'),
        (
            "block_sign",
            "Not payable: signature",
            f'=OR({clean("signatures_fiscal_name")}="",{day("signatures_fiscal_on")}=0)',
        ),
        (
            "block_backfill",
            "Not payable: position",
            f"=AND"
            f'({code("officer_position", "positions")}="backfill",{code("officer_pred_completed", "yes_no")}="yes",'
            f'{code("officer_pred_left", "yes_no")}="yes")',
        ),
        (
            "claim_blocked",
            "Not payable as it is",
            "=OR(block_course,block_done,block_cert,block_payee,block_coord,block_sign,block_backfill)",
        ),
        (
            "payable_if_fixed",
            "Payable once fixed",
            f'=IF(OR({outcome}="failed",{outcome}="withdrawn",block_backfill),0,MAX(0,MIN(allowable_total,'
            f"cap_left)))",
        ),
        ("check_fix", "To fix", '=COUNTIF(check_result,"Fix")'),
        ("check_look", "To look at", '=COUNTIF(check_result,"Look")'),
    )


_TOKEN = re.compile(r"\[(\w+)(\^?)\]")


def cell_formula(template: str, places: Mapping[str, tuple[str, int]]) -> str:
    """The formula of the first row of a column of Workings; `places` are each column's letters and header's row.

    >>> cell_formula("=[a]+[b^]*{k}", {"a": ("C", 7), "b": ("D", 7), "k": ("B", 7)})
    '=$C8+$D7*$B8'
    """

    def at(found: re.Match[str]) -> str:
        letter, header = places[found[1]]
        return f"${letter}{header + 1 - bool(found[2])}"

    return _TOKEN.sub(at, template.replace("{k}", "[k]"))
