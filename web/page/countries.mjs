// The countries whose flags the page asks for: those of ISO 3166-1, the twenty most populous first.

const mostPopulous = 'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR';

const others =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BE BF BG BH BI BJ BL BM BN BO BQ BS BT BV ' +
  'BW BY BZ CA CC CF CG CH CI CK CL CM CO CR CU CV CW CX CY CZ DJ DK DM DO DZ EC EE EH ER ES FI FJ ' +
  'FK FM FO GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IE IL IM IO ' +
  'IQ IS IT JE JM JO KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME ' +
  'MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MY MZ NA NC NE NF NI NL NO NP NR NU NZ OM PA PE ' +
  'PF PG PL PM PN PR PS PT PW PY QA RE RO RS RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST ' +
  'SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TT TV TW TZ UA UG UM UY UZ VA VC VE VG VI VU WF WS ' +
  'YE YT ZA ZM ZW';

const all = `${mostPopulous} ${others}`.split(' ');

export const countryCount = all.length;

// The first `count` of them, in the order of their codes.
export const firstCodes = (count) => all.slice(0, count).sort();

const names = new Intl.DisplayNames(['en'], { type: 'region' });

export const countryName = (code) => names.of(code);
