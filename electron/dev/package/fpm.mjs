#!/usr/bin/env node
// electron-builder makes deb and rpm packages through fpm, which it downloads. This program stands in for it: it takes the same arguments and
// lets the system's own dpkg-deb and rpmbuild do the work.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SWITCHES = new Set(['--force', '--debug']);
/** Options that may come several times. */
const LISTS = new Set(['-d', '--depends', '--deb-recommends']);

/** @param {readonly string[]} words @returns {{ options: Map<string, string>, lists: Map<string, string[]>, files: [string, string][] }} */
function readArguments(words) {
  const options = new Map();
  const lists = new Map();
  /** @type {[string, string][]} */
  const files = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (SWITCHES.has(word)) continue;
    if (word.startsWith('-')) {
      const value = words[(index += 1)] ?? '';
      if (LISTS.has(word)) lists.set(word, [...(lists.get(word) ?? []), value]);
      else options.set(word.replace(/^-+/, ''), value);
    } else {
      const split = word.lastIndexOf('=');
      files.push([word.slice(0, split), word.slice(split + 1)]);
    }
  }
  return { options, lists, files };
}

const { options, lists, files } = readArguments(process.argv.slice(2));
const option = (/** @type {string} */ name, fallback = '') => options.get(name) ?? fallback;
const depends = [...(lists.get('-d') ?? []), ...(lists.get('--depends') ?? [])];
const [summary = '', ...description] = option('description')
  .trim()
  .split('\n')
  .map((line) => line.trim());

/** Lays out the files of the package below a folder. */
function stage(/** @type {string} */ root) {
  for (const [from, to] of files) {
    const target = join(root, to);
    mkdirSync(dirname(target), { recursive: true });
    if (statSync(from).isDirectory()) cpSync(from, target, { recursive: true, verbatimSymlinks: true });
    else {
      copyFileSync(from, target);
      chmodSync(target, 0o644);
    }
  }
}

/** @returns {Generator<{ path: string, isFolder: boolean, bytes: number }>} */
function* walk(/** @type {string} */ root, path = '') {
  for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
    const child = `${path}/${entry.name}`;
    yield { path: child, isFolder: entry.isDirectory(), bytes: entry.isFile() ? statSync(join(root, child)).size : 0 };
    if (entry.isDirectory()) yield* walk(root, child);
  }
}

function makeDeb(/** @type {string} */ root) {
  const kibibytes = [...walk(root)].reduce((total, { bytes }) => total + Math.ceil(bytes / 1024), 0);
  const recommends = lists.get('--deb-recommends') ?? [];
  const control = [
    ['Package', option('name')],
    ['Version', option('version')],
    ['Architecture', option('architecture')],
    ['Maintainer', option('maintainer')],
    ['Installed-Size', String(kibibytes)],
    ['Depends', depends.join(', ')],
    ['Recommends', recommends.join(', ')],
    ['Section', option('category', 'devel')],
    ['Priority', option('deb-priority', 'optional')],
    ['Homepage', option('url')],
    ['Description', [summary, ...description.map((line) => ` ${line || '.'}`)].join('\n')],
  ];
  const folder = join(root, 'DEBIAN');
  mkdirSync(folder);
  const lines = control.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  writeFileSync(join(folder, 'control'), `${lines.join('\n')}\n`);
  for (const [name, script] of /** @type {const} */ ([
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ])) {
    if (!options.has(name)) continue;
    copyFileSync(option(name), join(folder, script));
    chmodSync(join(folder, script), 0o755);
  }
  const compression = [`-Z${option('deb-compression', 'xz')}`, `-z${process.env['HOWDAH_PACKAGE_LEVEL'] ?? '6'}`];
  execFileSync('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, option('package', option('p'))]);
}

/** `%` begins a macro in a spec file. */
const literal = (/** @type {string} */ text) => text.replaceAll('%', '%%');
const scriptOf = (/** @type {string} */ name) => (options.has(name) ? literal(readFileSync(option(name), 'utf8')) : '');

function makeRpm(/** @type {string} */ root, /** @type {string} */ work) {
  const content = [...walk(root)].flatMap(({ path, isFolder }) => {
    if (!isFolder) return [`"${literal(path)}"`];
    return path.startsWith('/opt/') ? [`%dir "${literal(path)}"`] : [];
  });
  const architecture = option('architecture') === 'amd64' ? 'x86_64' : option('architecture');
  const spec = join(work, 'package.spec');
  const top = join(work, 'rpm');
  writeFileSync(
    spec,
    [
      `Name: ${option('name')}`,
      `Version: ${option('version').replaceAll('-', '~')}`,
      `Release: ${option('iteration', '1')}`,
      `Summary: ${literal(summary)}`,
      `License: ${option('license', 'unknown')}`,
      `URL: ${option('url')}`,
      `Vendor: ${option('vendor')}`,
      // What the binaries load is listed in the configuration; our own copies must not become everybody's.
      'AutoReqProv: no',
      ...depends.map((name) => `Requires: ${name}`),
      '%global __os_install_post %{nil}',
      '%define _build_id_links none',
      `%define _binary_payload w${process.env['HOWDAH_PACKAGE_LEVEL'] ?? '6'}T0.xzdio`,
      '%description',
      literal(description.join('\n') || summary),
      '%files',
      ...content,
      '%post',
      scriptOf('after-install'),
      '%postun',
      scriptOf('after-remove'),
      '',
    ].join('\n'),
  );
  const defines = ['--define', `_topdir ${top}`, '--buildroot', root, '--target', architecture];
  execFileSync('rpmbuild', ['-bb', '--quiet', ...defines, spec]);
  const built = [...walk(join(top, 'RPMS'))].find(({ path }) => path.endsWith('.rpm'));
  if (!built) throw new Error('rpmbuild made no package');
  copyFileSync(join(top, 'RPMS', built.path), option('package', option('p')));
}

const work = mkdtempSync(join(tmpdir(), 'howdah-fpm-'));
try {
  const root = join(work, 'root');
  stage(root);
  if (option('t') === 'deb') makeDeb(root);
  else if (option('t') === 'rpm') makeRpm(root, work);
  else throw new Error(`Packages of the kind ${option('t')} are not made here`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
