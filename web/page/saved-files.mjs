// The panel of the files that the programs saved: where they are and how many; all as one zip; gone.

import { formatBytes } from './counters.mjs';
import { openFileStore } from './file-store.mjs';
import { onceAFrame, setText } from './frame.mjs';
import { pageFolder } from './program.mjs';

// Returns a function that saves a file: save(folder, path, bytes).
export function startSavedFiles(section) {
  const store = openFileStore();
  const sizes = new Map(); // by name
  const saving = new Set(); // of maps like that, of what is saved while somebody looks
  const summary = section.querySelector('.summary');
  const status = section.querySelector('.status');
  const [zipButton, deleteButton] = ['zip', 'delete'].map((action) =>
    section.querySelector(`[data-action=${action}]`),
  );
  const showSoon = onceAFrame(show);

  async function show() {
    const { place } = await store;
    const size = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    const count = `${sizes.size} ${sizes.size === 1 ? 'file' : 'files'}`;
    setText(
      summary,
      sizes.size > 0
        ? `${count}, ${formatBytes(size)}, ${place}.`
        : `No files. They will be ${place}.`,
    );
    for (const button of [zipButton, deleteButton]) {
      button.setAttribute('aria-disabled', String(sizes.size === 0));
    }
  }

  // Another tab may delete files meanwhile, and a program save some.
  async function look() {
    const since = new Map();
    saving.add(since);
    try {
      const files = await (await store).list();
      sizes.clear();
      for (const { name, file } of files) sizes.set(name, file.size);
      for (const [name, size] of since) sizes.set(name, size);
      return files;
    } finally {
      saving.delete(since);
      await show();
    }
  }

  async function save(folder, path, bytes) {
    await (await store).write(folder, path, bytes);
    for (const known of [sizes, ...saving]) known.set(`${folder}/${path}`, bytes.length);
    showSoon();
  }

  // `work()` gives a sentence.
  function onPress(button, work) {
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      try {
        status.textContent = await work();
        await look();
      } catch (error) {
        status.textContent = `That failed: ${error.message}`;
        await show();
      }
    });
  }

  onPress(zipButton, async () => {
    const files = await look();
    await downloadZip(files);
    return `A zip of ${files.length} files was made.`;
  });
  onPress(deleteButton, async () => {
    await (await store).clear();
    return 'The files are deleted.';
  });
  look().catch((error) => (status.textContent = error.message));
  return save;
}

async function downloadZip(files) {
  const { downloadZip: zip } = await import(`${pageFolder()}vendor/client-zip.js`);
  const entries = files.map(({ name, file }) => ({
    name,
    input: file,
    lastModified: file.lastModified,
  }));
  const url = URL.createObjectURL(await zip(entries).blob());
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: 'flags.zip' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
