/** Electron's fuses: switches in the executable, found by this text, then version, number, and one byte each ('0' off, '1' on, 'r' removed). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const ON = 0x31;
const OFF = 0x30;
const REMOVED = 0x72;

/** In the wire's order. */
const NAMES = /** @type {const} */ ([
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserV8Snapshot',
  'fileProtocolPrivileges',
]);

/** @param {Buffer} executable */
function wire(executable) {
  const found = executable.indexOf(SENTINEL);
  if (found < 0) throw new Error('The executable has no fuses');
  const at = found + SENTINEL.length;
  if (executable[at] !== 1) throw new Error(`Fuses of version ${executable[at]} are not known`);
  return { first: at + 2, count: executable[at + 1] ?? 0 };
}

/** @param {Buffer} executable @returns {Record<string, boolean>} */
export function readFuses(executable) {
  const { first, count } = wire(executable);
  return Object.fromEntries(NAMES.slice(0, count).map((name, index) => [name, executable[first + index] === ON]));
}

/** Sets fuses in place. @param {Buffer} executable @param {Partial<Record<typeof NAMES[number], boolean>>} wanted */
export function setFuses(executable, wanted) {
  const { first, count } = wire(executable);
  NAMES.slice(0, count).forEach((name, index) => {
    const value = wanted[name];
    if (value === undefined || executable[first + index] === REMOVED) return;
    executable[first + index] = value ? ON : OFF;
  });
}
