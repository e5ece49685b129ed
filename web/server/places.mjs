// Where things lie in the project, found from this file and not from the current folder.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
export const flagsFolder = join(projectFolder, 'build', 'flags');
