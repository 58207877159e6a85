// Pictures as people bring them: chosen, dropped, pasted, whole folders; each with the name that `olhar predict` gives it.

const PICTURE = /\.(jpe?g|jpe|jfif|png|webp|gif|bmp|tiff?|avif|hei[cf]|jp2|p[bgnp]m|tga|ico)$/i;
const MOST = 20000;

const hidden = (path) => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
const looksLikeOne = ({ file, name }) => !hidden(name) && (file.type.startsWith("image/") || PICTURE.test(name));

// Names below the one folder that all lie in; where there are several, with the folder.
function below(found) {
  const tops = new Set(found.map(({ name }) => name.split("/")[0]));
  return tops.size === 1 ? found.map(({ file, name }) => ({ file, name: name.slice(name.indexOf("/") + 1) })) : found;
}

function ofFolders(found) {
  const pictures = below(found.filter(looksLikeOne));
  pictures.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { pictures, others: found.filter(({ name }) => !hidden(name)).length - pictures.length };
}

const ofFiles = (files) => ({ pictures: [...files].map((file) => ({ file, name: file.name })), others: 0 });

// What an input holds, its folder or its files.
export function chosen(files) {
  const list = [...files];
  const inFolder = list.filter((file) => file.webkitRelativePath);
  return inFolder.length ? ofFolders(inFolder.map((file) => ({ file, name: file.webkitRelativePath }))) : ofFiles(list);
}

const listed = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
const fileOf = (entry) => new Promise((done, failed) => entry.file(done, failed));

async function walk(entry, found) {
  if (found.length >= MOST) return;
  if (entry.isFile) {
    found.push({ file: await fileOf(entry), name: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  for (let entries = await listed(reader); entries.length; entries = await listed(reader))
    for (const inside of entries) await walk(inside, found);
}

// What was dropped; entries must be taken before anything is waited for.
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return ofFiles(files);
  const found = [];
  const loose = [];
  for (const entry of entries) await walk(entry, entry.isDirectory ? found : loose);
  const { pictures, others } = ofFolders(found);
  return { pictures: [...pictures, ...loose.map(({ file }) => ({ file, name: file.name }))], others };
}

// Whether something that was brought is no file but words, such as a link.
export const isText = (transfer) => ["text/uri-list", "text/plain", "text/html"].some((kind) => [...transfer.types].includes(kind));
