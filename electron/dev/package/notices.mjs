import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceOf } from '../house/licences.mjs';
import { at } from '../paths.mjs';

/** @typedef {{ name: string, version: string, licence: string, texts: string[] }} Notice */

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

const readTexts = (/** @type {string} */ folder) =>
  readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name) && !name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());

/** Dependencies with theirs, as npm nested them: what `files` of electron-builder.yml takes into the archive. */
function shippedPaths(/** @type {Record<string, { dev?: boolean, devOptional?: boolean }>} */ packages) {
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && !entry.devOptional && existsSync(at(path)))
    .map(([path]) => path);
}

/** What the bundler took code from, as the build wrote it down. */
function bundledPaths() {
  return ['main', 'preload', 'renderer'].flatMap((part) => {
    const file = at(`out/packages-${part}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  });
}

/** Every package whose code is in the shipped program. @returns {Notice[]} */
export function collectNotices() {
  const { packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));
  const paths = new Set([...shippedPaths(packages), ...bundledPaths()]);
  return [...paths]
    .map((path) => {
      const { name, version } = JSON.parse(readFileSync(at(path, 'package.json'), 'utf8'));
      return { name, version, licence: licenceOf(path, packages[path] ?? {}) ?? 'unknown', texts: readTexts(at(path)) };
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

const RULE = '-'.repeat(80);

/**
 * Writes THIRD-PARTY-NOTICES.txt. Electron's and Chromium's notices are files of their own in the package (LICENSE.electron.txt,
 * LICENSES.chromium.html).
 * @param {string} target @param {{ electron: string, postgres: string, postgresFolder: string }} shipped
 */
export function writeNotices(target, { electron, postgres, postgresFolder }) {
  const notices = collectNotices();
  const programs = [
    `Electron ${electron} (MIT) with Chromium: see LICENSE.electron.txt and LICENSES.chromium.html beside the program.`,
    `PostgreSQL ${postgres} (The PostgreSQL License), Portions Copyright © 1996-2026, The PostgreSQL Global Development Group,`,
    'Portions Copyright © 1994, The Regents of the University of California; with OpenSSL, ICU, libxml2, libxslt, zlib, XZ Utils and',
    'OSSP uuid, packed by the project Embedded PostgreSQL:',
    ...readTexts(postgresFolder),
  ];
  const parts = notices.map(({ name, version, licence, texts }) =>
    [
      RULE,
      `${name} ${version} (${licence})`,
      '',
      ...(texts.length > 0 ? texts : ['(The package holds no licence text.)']),
    ].join('\n'),
  );
  writeFileSync(
    target,
    ['Howdah holds or uses work of others, with thanks:', '', ...programs, '', ...parts, ''].join('\n'),
  );
  return notices.length;
}
