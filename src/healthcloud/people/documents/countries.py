"""Countries and territories, ISO 3166-1 alpha-3, with the codes a passport adds (ICAO 9303-3 section 5)."""

from healthcloud.people.model import Broken

CHINA = "CHN"

_COUNTRIES = (
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM "
    "BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR "
    "CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB "
    "GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA "
    "JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA "
    "MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR "
    "NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS "
    "SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON "
    "TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE"
)
# British passports of other kinds, Kosovo, the United Nations, stateless persons and refugees.
_ON_PASSPORTS_ONLY = "GBD GBN GBO GBP GBS RKS UNO UNA UNK XOM XXA XXB XXC XXX EUE XPO"
COUNTRIES = frozenset(f"{_COUNTRIES} {_ON_PASSPORTS_ONLY}".split())
_WRITTEN_ON_PASSPORTS = {"D": "DEU"}


def normalise_country(code: str) -> str:
    """Return an alpha-3 code in upper case; `D`, as German passports have it, is DEU; raise Broken for others."""
    country = code.strip().upper()
    country = _WRITTEN_ON_PASSPORTS.get(country, country)
    if country not in COUNTRIES:
        raise Broken("must be an ISO 3166-1 alpha-3 code, such as CHN", "应为 ISO 3166-1 三位字母代码，如 CHN")
    return country
