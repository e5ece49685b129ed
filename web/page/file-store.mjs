// Where the programs' files are kept: in the browser's private file system for this origin, folder
// "spindle", or, where the browser has none, in memory as long as the page is open.

class PrivateFiles {
  #root;
  place = 'in this browser’s private file system, folder “spindle”';

  constructor(root) {
    this.#root = root;
  }

  async write(folder, path, bytes) {
    const parent = await this.#root.getDirectoryHandle(folder, { create: true });
    const file = await parent.getFileHandle(path, { create: true });
    const writable = await file.createWritable();
    await writable.write(bytes);
    await writable.close();
  }

  // Each as { name: 'flags2/br.gif', file }.
  async list() {
    const files = [];
    for await (const [folder, handle] of this.#root.entries()) {
      if (handle.kind !== 'directory') continue;
      for await (const [name, entry] of handle.entries()) {
        if (entry.kind !== 'file') continue;
        files.push({ name: `${folder}/${name}`, file: await entry.getFile() });
      }
    }
    return files;
  }

  async clear() {
    const names = [];
    for await (const name of this.#root.keys()) names.push(name);
    for (const name of names) await this.#root.removeEntry(name, { recursive: true });
  }
}

class FilesInMemory {
  #files = new Map();
  place = 'in memory as long as this page is open: this browser has no private file system here';

  async write(folder, path, bytes) {
    const name = `${folder}/${path}`;
    this.#files.set(name, { name, file: new File([bytes], path) });
  }

  async list() {
    return [...this.#files.values()];
  }

  async clear() {
    this.#files.clear();
  }
}

// Promise of { place, write(folder, path, bytes), list(), clear() }.
export async function openFileStore() {
  try {
    const origin = await navigator.storage.getDirectory();
    if (!FileSystemFileHandle.prototype.createWritable) return new FilesInMemory();
    return new PrivateFiles(await origin.getDirectoryHandle('spindle', { create: true }));
  } catch {
    return new FilesInMemory();
  }
}
