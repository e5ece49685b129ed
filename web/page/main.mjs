// The page: each panel is a section of index.html; behind some of them is a C program.

import { connectConsole } from './console-panel.mjs';
import { hasFlagServers } from './flag-server.mjs';
import { Inspector } from './inspector.mjs';
import { startRace } from './race.mjs';
import { startSavedFiles } from './saved-files.mjs';
import { startStress } from './stress.mjs';
import { startTheme } from './theme.mjs';
import { startThreads } from './threads.mjs';

const section = (id) => document.getElementById(id);
const sections = (...ids) => Object.fromEntries(ids.map((id) => [id, section(id)]));

startTheme(section('theme'));
const inspector = new Inspector(sections('tree', 'source', 'counters'));
startRace(sections('controls', 'race', 'timeline', 'output'), {
  inspector,
  save: startSavedFiles(section('files')),
});
startStress(section('stress'), inspector);
startThreads(section('threads'));
// The spinner turns as soon as the page is there, and again on request.
connectConsole(section('spinner'), 'spinner', inspector)();

section('no-servers').hidden = await hasFlagServers();
