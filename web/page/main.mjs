// The page: each panel is a section of index.html with a C program behind it.

import { startFlags } from './flags.mjs';
import { startSpinner } from './spinner.mjs';
import { startThreads } from './threads.mjs';

startSpinner(document.getElementById('spinner'));
startFlags(document.getElementById('flags'));
startThreads(document.getElementById('threads'));
