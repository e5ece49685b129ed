// The countries of ISO 3166-1 as the package flag-icons lists them: code, English name, SVG flag.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const packageFile = require.resolve('flag-icons/package.json');

export const flagIconsVersion = require(packageFile).version;

// Map of the lower case alpha-2 code to { code, country, svg }; svg is the path of the 4x3 flag.
export const countries = new Map(
  require('flag-icons/country.json')
    .filter((entry) => entry.iso)
    .map(({ code, name, flag_4x3: flag }) => [
      code,
      { code, country: name, svg: join(dirname(packageFile), flag) },
    ]),
);
