/**
 * The lock must install anywhere: no addresses of one registry, and every platform's package that an entry wants (npm writes a lock without
 * those that the registry of the day does not serve, and then refuses to install from it).
 * @param {string} text package-lock.json @returns {string[]}
 */
export function checkLock(text) {
  const packages = JSON.parse(text).packages;
  const problems = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved && !entry.link) problems.push(`package-lock.json: ${path} holds the address ${entry.resolved}`);
    if (path !== '' && !entry.link && !entry.integrity && !entry.inBundle) {
      problems.push(`package-lock.json: ${path} has no checksum`);
    }
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!isInstalledFor(packages, path, name)) problems.push(`package-lock.json: ${path} lacks its optional ${name}`);
    }
  }
  return problems;
}

/**
 * Node's lookup: the folder's own node_modules, then its parents'.
 * @param {Record<string, object>} packages @param {string} from @param {string} name
 */
function isInstalledFor(packages, from, name) {
  for (let path = from; ;) {
    if (packages[path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`]) return true;
    if (path === '') return false;
    const parent = path.lastIndexOf('/node_modules/');
    path = parent < 0 ? '' : path.slice(0, parent);
  }
}
