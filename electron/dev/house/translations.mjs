import { lineAt } from './files.mjs';

/** @typedef {import('./files.mjs').TextFile} TextFile */

const FILE = /^resources\/translations\/([\w-]+)\/([\w-]+)\.json$/;

/** `{a: {b: 'x'}}` → `a.b`. @returns {Map<string, string>} */
function flatten(/** @type {object} */ value, prefix = '', into = new Map()) {
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'string') into.set(prefix + key, child);
    else flatten(child, `${prefix}${key}.`, into);
  }
  return into;
}

/** Chinese has one plural form, English two. */
const singular = (/** @type {string} */ key) => key.replace(/_(?:zero|one|two|few|many|other)$/, '');
const variables = (/** @type {string} */ text) =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => String(match[1])))]
    .toSorted((a, b) => a.localeCompare(b))
    .join(' ');

/** @param {readonly TextFile[]} files @returns {Map<string, Map<string, Map<string, string>>>} language → namespace → key → text */
export function readTranslations(files) {
  const languages = new Map();
  for (const { path, text } of files) {
    const [, language, namespace] = FILE.exec(path) ?? [];
    if (!language) continue;
    if (!languages.has(language)) languages.set(language, new Map());
    languages.get(language).set(namespace, flatten(JSON.parse(text)));
  }
  return languages;
}

/** Both languages say the same things with the same variables. @param {ReturnType<typeof readTranslations>} languages */
export function compareLanguages(languages) {
  const problems = [];
  const [first = '', ...others] = languages.keys();
  const names = new Set([...languages.values()].flatMap((namespaces) => [...namespaces.keys()]));
  const plain = (/** @type {string} */ language, /** @type {string} */ namespace) =>
    new Map([...(languages.get(language)?.get(namespace) ?? [])].map(([key, text]) => [singular(key), text]));
  for (const namespace of names) {
    const here = plain(first, namespace);
    for (const other of others) {
      const there = plain(other, namespace);
      for (const key of here.keys()) if (!there.has(key)) problems.push(`${other}/${namespace}.json lacks ${key}`);
      for (const key of there.keys()) if (!here.has(key)) problems.push(`${first}/${namespace}.json lacks ${key}`);
      for (const [key, text] of here) {
        const translated = there.get(key);
        if (translated === undefined) continue;
        if (translated.trim() === '') problems.push(`${other}/${namespace}.json: ${key} is empty`);
        if (variables(text) !== variables(translated)) {
          problems.push(`${namespace}: ${key} has other variables in ${first} than in ${other}`);
        }
      }
    }
  }
  return problems;
}

const CALL = /(?<![\w.$])(?:i18next\.|i18n\.)?t\(\s*(?:'([^'\\]+)'|`([^`\\]*)`)/g;
const NAMED = /(?:useTranslation|getFixedT)\(([^)]*)\)/g;
const NAMESPACE_OPTION = /^[^)]*?\bns:\s*'([\w-]+)'/;

/** The namespaces a file's `t` looks into; all of them when the file is handed its `t`. */
function namespacesOf(/** @type {string} */ text, /** @type {readonly string[]} */ all) {
  const named = [...text.matchAll(NAMED)].flatMap((match) => {
    const names = [...(match[1] ?? '').matchAll(/'([\w-]+)'/g)]
      .map((each) => String(each[1]))
      .filter((name) => all.includes(name));
    return names.length > 0 ? names : ['app'];
  });
  return named.length > 0 ? named : all;
}

/** Every key that a view asks for exists. @param {readonly TextFile[]} files @param {ReturnType<typeof readTranslations>} languages */
export function checkKeys(files, languages) {
  const english = languages.get('en') ?? new Map();
  const all = [...english.keys()];
  const exists = (/** @type {string} */ namespace, /** @type {string} */ wanted, /** @type {boolean} */ isPrefix) =>
    [...(english.get(namespace)?.keys() ?? [])].some((key) =>
      isPrefix ? key.startsWith(wanted) : key === wanted || singular(key) === wanted,
    );
  const problems = [];
  for (const { path, text } of files) {
    if (!/^renderer\/.*\.tsx?$/.test(path)) continue;
    const namespaces = namespacesOf(text, all);
    for (const match of text.matchAll(CALL)) {
      const key = match[1] ?? match[2] ?? '';
      const dynamic = match[1] === undefined && key.includes('${');
      const fixed = dynamic ? key.slice(0, key.indexOf('${')) : key;
      if (fixed === '') continue;
      const [namespace, name = ''] = fixed.includes(':') ? fixed.split(':') : ['', fixed];
      const chosen = NAMESPACE_OPTION.exec(text.slice(match.index + match[0].length))?.[1];
      const places = namespace ? [namespace] : chosen ? [chosen] : namespaces;
      if (places.some((/** @type {string} */ place) => exists(place, name, dynamic))) continue;
      problems.push(
        `${path}:${lineAt(text, match.index)}: no translation of ${key} in ${[...new Set(places)].join(', ')}`,
      );
    }
  }
  return problems;
}

/** @param {readonly TextFile[]} files @returns {string[]} */
export function checkTranslations(files) {
  const languages = readTranslations(files);
  return [...compareLanguages(languages), ...checkKeys(files, languages)];
}
