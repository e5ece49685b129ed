// The countries whose flags the page asks for: the twenty most populous ones.

export const mostPopulous = 'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'
  .split(' ')
  .sort();

const names = new Intl.DisplayNames(['en'], { type: 'region' });

export const countryName = (code) => names.of(code);
