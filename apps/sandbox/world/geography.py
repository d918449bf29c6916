"""Where telephone numbers live: states, area codes, LATAs and rate centers, and the exchanges that
are made there.

Written down from general knowledge of the North American plan; good enough to search by, no copy of
any registry. Each line is `state  LATA area,codes  City|City|City; LATA ...`. From it every process
makes the same exchanges and free lines.
"""

from dataclasses import dataclass
from functools import cache

PLACES = """
AL 476 205,659 Birmingham|Hoover|Tuscaloosa; 480 251 Mobile|Daphne; 477 256,938 Huntsville|Decatur|Florence
AL 478 334 Montgomery|Auburn|Dothan
AK 832 907 Anchorage|Fairbanks|Juneau
AZ 666 480 Mesa|Scottsdale|Tempe; 668 520 Tucson|Marana; 666 602 Phoenix; 666 623 Glendale|Peoria|Buckeye
AZ 666 928 Flagstaff|Yuma|Prescott
AR 526 479 Fort Smith|Fayetteville; 528 501 Little Rock|Conway; 530 870 Jonesboro|Pine Bluff
CA 738 209,350 Stockton|Modesto|Tracy; 730 213,323 Los Angeles|Hollywood; 730 310,424 Santa Monica|Torrance|Inglewood
CA 722 341,510 Oakland|Berkeley
CA 722 408,669 San Jose|Sunnyvale|Gilroy; 722 415,628 San Francisco|San Rafael
CA 732 442,760 Oceanside|Palm Springs|Escondido; 724 530 Chico|Redding|Davis
CA 728 559 Fresno|Visalia; 730 562 Long Beach|Whittier; 732 619,858 San Diego|La Mesa|La Jolla
CA 730 626 Pasadena|Alhambra; 722 650 San Mateo|Palo Alto
CA 730 657,714 Anaheim|Santa Ana; 734 661 Bakersfield|Palmdale; 722 707 Santa Rosa|Napa|Eureka
CA 730 747,818 Burbank|Van Nuys|Glendale
CA 740 805,820 Santa Barbara|Oxnard|San Luis Obispo; 736 831 Salinas|Monterey|Santa Cruz
CA 730 909,840 San Bernardino|Ontario; 730 951 Riverside|Corona
CA 726 916,279 Sacramento|Roseville|Folsom; 722 925 Concord|Livermore; 730 949 Irvine|Laguna Niguel
CO 656 303,720,983 Denver|Aurora|Boulder; 658 719 Colorado Springs|Pueblo; 656 970 Fort Collins|Grand Junction|Vail
CT 920 203,475 New Haven|Stamford|Bridgeport; 920 860,959 Hartford|New London
DE 228 302 Wilmington|Dover|Newark
DC 236 202,771 Washington
FL 460 305,786 Miami|Hialeah|Key West; 460 754,954 Fort Lauderdale|Hollywood; 460 561 West Palm Beach|Boca Raton
FL 458 407,689 Orlando|Kissimmee
FL 458 321 Melbourne|Cocoa; 454 352 Gainesville|Ocala; 456 386 Daytona Beach|Lake City
FL 952 727 Clearwater|St Petersburg; 952 813,656 Tampa|Plant City
FL 953 850,448 Tallahassee|Pensacola|Panama City; 952 863 Lakeland|Sebring; 452 904 Jacksonville|St Augustine
FL 952 941 Sarasota|Bradenton
FL 939 239 Fort Myers|Naples; 460 772 Port St Lucie|Vero Beach
GA 438 404,470,678,770,943 Atlanta|Marietta|Roswell; 444 229 Albany|Valdosta; 446 478 Macon|Warner Robins
GA 442 706,762 Augusta|Columbus|Athens
GA 440 912 Savannah|Brunswick
HI 834 808 Honolulu|Hilo|Kahului
ID 652 208,986 Boise|Idaho Falls|Coeur d Alene
IL 374 217,447 Springfield|Champaign|Decatur; 358 224,847 Evanston|Elgin|Schaumburg; 368 309 Peoria|Moline|Bloomington
IL 358 312,872 Chicago
IL 358 773 Chicago|Ohare; 358 331,630 Aurora|Naperville; 520 618,730 Belleville|Carbondale
IL 358 708,464 Oak Park|Cicero; 364 779,815 Rockford|Joliet
IN 358 219 Gary|Hammond; 334 260 Fort Wayne; 336 317,463 Indianapolis|Carmel; 332 574 South Bend|Elkhart
IN 336 765 Muncie|Lafayette
IN 330 812,930 Evansville|Bloomington|Terre Haute
IA 635 319 Cedar Rapids|Iowa City|Waterloo; 632 515 Des Moines|Ames; 634 563 Davenport|Dubuque
IA 632 641 Mason City|Ottumwa; 630 712 Sioux City|Council Bluffs
KS 532 316 Wichita; 532 620 Dodge City|Hutchinson; 534 785 Topeka|Lawrence|Manhattan
KS 524 913 Overland Park|Kansas City
KY 464 270,364 Bowling Green|Owensboro|Paducah; 462 502 Louisville|Frankfort; 466 606 Ashland|Somerset
KY 466 859 Lexington|Covington
LA 492 225 Baton Rouge; 486 318,457 Shreveport|Monroe|Alexandria; 488 337 Lafayette|Lake Charles
LA 490 504 New Orleans|Metairie; 490 985 Houma|Slidell
ME 120 207 Portland|Bangor|Augusta
MD 236 240,301,227 Rockville|Silver Spring|Frederick; 238 410,443,667 Baltimore|Annapolis|Columbia
MA 128 339,781 Lynn|Waltham; 128 351,978 Lowell|Lawrence; 126 413 Springfield|Pittsfield
MA 128 508,774 Worcester|Brockton; 128 617,857 Boston|Cambridge
MI 348 231 Muskegon|Traverse City; 340 248,947 Pontiac|Troy; 348 269 Kalamazoo|Battle Creek; 340 313 Detroit|Dearborn
MI 346 517 Lansing|Jackson
MI 340 586 Warren|Sterling Heights; 348 616 Grand Rapids|Holland; 340 734 Ann Arbor|Livonia; 340 810 Flint|Port Huron
MI 342 906 Marquette|Houghton
MI 344 989 Saginaw|Midland
MN 624 218 Duluth|Brainerd; 626 320 St Cloud|Willmar; 620 507 Rochester|Mankato; 628 612 Minneapolis
MN 628 651 St Paul|Eagan; 628 763 Brooklyn Park
MN 628 952 Bloomington|Minnetonka
MS 484 228 Biloxi|Gulfport; 482 601,769 Jackson|Hattiesburg; 482 662 Tupelo|Oxford|Starkville
MO 520 314,557 St Louis; 522 417 Springfield|Joplin; 521 573 Columbia|Jefferson City; 520 636 St Charles|Chesterfield
MO 524 660 Sedalia|Warrensburg
MO 524 816,975 Kansas City|Independence
MT 650 406 Billings|Missoula|Bozeman
NE 646 308 Grand Island|Kearney; 644 402,531 Omaha|Lincoln
NV 721 702,725 Las Vegas|Henderson; 720 775 Reno|Carson City
NH 122 603 Manchester|Nashua|Concord
NJ 224 201,551 Hackensack|Jersey City|Closter; 222 609,640 Trenton|Atlantic City|Princeton
NJ 224 732,848 New Brunswick|Toms River|Edison; 222 856 Camden|Vineland
NJ 224 862,973 Newark|Paterson|Morristown; 224 908 Elizabeth|Plainfield
NM 664 505 Albuquerque|Santa Fe; 664 575 Las Cruces|Roswell
NY 132 212,332,646,917 New York; 136 315,680 Syracuse|Utica|Watertown; 132 347,718,929 Brooklyn|Queens|Bronx
NY 132 363,516 Hempstead|Mineola
NY 134 518,838 Albany|Schenectady|Troy; 974 585 Rochester; 138 607 Binghamton|Ithaca|Elmira
NY 140 624,716 Buffalo|Niagara Falls; 132 631,934 Islip|Huntington
NY 133 845 Poughkeepsie|Nyack|Kingston; 132 914 White Plains|Yonkers
NC 951 252 Rocky Mount|Greenville; 424 336,743 Greensboro|Winston Salem; 422 704,980 Charlotte|Gastonia
NC 420 828 Asheville|Hickory; 428 910,472 Wilmington|Fayetteville
NC 426 919,984 Raleigh|Durham|Cary
ND 636 701 Fargo|Bismarck|Grand Forks
OH 320 216 Cleveland; 324 220,740 Newark|Zanesville|Athens; 325 234,330 Akron|Canton|Youngstown
OH 922 283,513 Cincinnati|Hamilton; 328 326,937 Dayton|Springfield
OH 324 380,614 Columbus|Dublin; 326 419,567 Toledo|Mansfield|Lima; 320 436,440 Lorain|Mentor
OK 536 405,572 Oklahoma City|Norman; 538 539,918 Tulsa|Broken Arrow; 536 580 Lawton|Enid
OR 670 458,541 Eugene|Bend|Medford; 672 503,971 Portland|Salem|Beaverton
PA 228 215,267,445 Philadelphia; 226 223,717 Harrisburg|Lancaster|York; 232 272,570 Scranton|Wilkes Barre|Williamsport
PA 234 412,878 Pittsburgh
PA 228 484,610,835 Allentown|Reading|West Chester; 924 582,814 Erie|Altoona|Johnstown; 234 724 Greensburg|New Castle
RI 130 401 Providence|Warwick|Newport
SC 434 803,839 Columbia|Rock Hill; 430 821,864 Greenville|Spartanburg; 436 843,854 Charleston|Myrtle Beach|Hilton Head
SD 640 605 Sioux Falls|Rapid City|Pierre
TN 472 423 Chattanooga|Johnson City|Kingsport; 470 615,629 Nashville|Murfreesboro; 468 731 Jackson|Dyersburg
TN 474 865 Knoxville|Oak Ridge; 468 901 Memphis
TN 470 931 Clarksville|Columbia
TX 566 210,726 San Antonio; 552 214,469,945,972 Dallas|Plano|Irving; 556 254 Waco|Killeen
TX 560 281,346,713,832 Houston|Sugar Land|Katy
TX 550 325 Abilene|San Angelo; 564 361 Corpus Christi|Victoria; 562 409 Beaumont|Galveston; 554 430,903 Tyler|Longview
TX 542 432 Midland|Odessa
TX 558 512,737 Austin|Round Rock; 552 682,817 Fort Worth|Arlington; 544 806 Lubbock|Amarillo
TX 566 830 New Braunfels|Del Rio; 540 915 El Paso
TX 560 936 Conroe|Huntsville; 548 940 Wichita Falls|Denton; 568 956 Brownsville|Laredo|McAllen
TX 570 979 Bryan|College Station
UT 660 385,801 Salt Lake City|Provo|Ogden; 660 435 St George|Logan|Park City
VT 124 802 Burlington|Rutland|Montpelier
VA 956 276 Bristol|Martinsville; 246 434 Lynchburg|Charlottesville|Danville
VA 244 540,826 Roanoke|Winchester|Fredericksburg; 236 571,703 Arlington|Fairfax
VA 252 757,948 Norfolk|Virginia Beach|Williamsburg; 248 686,804 Richmond|Petersburg
WA 674 206 Seattle; 674 253 Tacoma|Kent; 674 360,564 Bellingham|Olympia|Vancouver; 674 425 Bellevue|Everett
WA 676 509 Spokane|Yakima
WV 254 304,681 Charleston|Morgantown|Huntington
WI 356 262 Kenosha|Waukesha; 350 274,920 Green Bay|Appleton|Oshkosh; 354 353,608 Madison|La Crosse; 356 414 Milwaukee
WI 352 534,715 Eau Claire|Wausau
WY 654 307 Cheyenne|Casper|Jackson
"""
EXCHANGES_OF_A_CITY = 2
LINES = 64  # free lines in an exchange at the beginning: at least 128 in each area code


@dataclass(frozen=True, slots=True)
class Exchange:
    """10,000 lines of one rate center, some of them free at the beginning."""

    npa: str
    nxx: str
    state: str
    lata: str
    city: str

    @property
    def rate_center(self) -> str:
        return self.city.upper().replace(" ", "")[:10]

    def lines(self) -> list[str]:
        """The free numbers at the beginning, in order. Every ending occurs somewhere."""
        start = int(self.npa) * 7 + int(self.nxx) * 13
        return sorted(
            f"{self.npa}{self.nxx}{(start + step * 157) % 10_000:04d}" for step in range(LINES)
        )


def _nxx(place: int) -> str:
    """620 to 989 without the service codes 711, 811 and 911."""
    nxx = 620 + place % 370
    return str(nxx + 1 if nxx % 100 == 11 else nxx)


@cache
def exchanges() -> dict[str, tuple[Exchange, ...]]:
    """Area code to its exchanges.

    They lie in 620-989, out of the way of every seeded account's own.
    """
    found: dict[str, tuple[Exchange, ...]] = {}
    for line in PLACES.strip().splitlines():
        state, rest = line.split(" ", 1)
        for part in rest.split(";"):
            lata, npas, cities = part.strip().split(" ", 2)
            for npa in npas.split(","):
                found[npa] = tuple(
                    Exchange(npa, _nxx(int(npa) * 31 + place * 97 + twin * 41), state, lata, city)
                    for place, city in enumerate(cities.split("|"))
                    for twin in range(EXCHANGES_OF_A_CITY)
                )
    return found


def states() -> set[str]:
    return {exchange.state for found in exchanges().values() for exchange in found}


@cache
def by_prefix() -> dict[str, Exchange]:
    """NPA-NXX to its exchange."""
    return {
        exchange.npa + exchange.nxx: exchange
        for found in exchanges().values()
        for exchange in found
    }


def where(number: str) -> Exchange | None:
    """The exchange of a number; for one that we did not make, the first of its area code; None: not
    in our geography.
    """
    exact = by_prefix().get(number[:6])
    return exact or next(iter(exchanges().get(number[:3], ())), None)
