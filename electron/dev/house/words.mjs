import { lineAt } from './files.mjs';

/** What no file of the project may hold. */
const FORBIDDEN = [
  {
    pattern: /\bregistry\.(?:[a-z0-9-]+\.)+[a-z]{2,}|\bnpmmirror\b/g,
    why: 'names a package registry; npm follows the configuration of the person',
  },
  {
    pattern: /(?<=^|[\s'"`(=:])\/(?:root|work)(?=\/[\w.])/gm,
    why: "is a path of one person's machine",
  },
  {
    pattern: /(?<=^|[\s'"`(=:])\/home\/[a-z][\w-]*(?=\/[\w.])/gm,
    why: "is a path of one person's machine",
    // Rules about paths are tested with paths.
    except: /^tests\/unit\//,
  },
  {
    pattern: /\b(?:oxlint|eslint)-disable\b|@ts-(?:ignore|nocheck|expect-error)\b/g,
    why: 'silences a check; fix what it found',
  },
];

/** The lock file has its own check; the licence is not ours to word; this file and its test name what they look for. */
const EXEMPT = /^(?:package-lock\.json|LICENSE|electron\/dev\/house\/words\.mjs|tests\/unit\/dev-[\w-]+\.test\.ts)$/;

/** @param {readonly import('./files.mjs').TextFile[]} files @returns {string[]} */
export function checkWords(files) {
  return files
    .filter(({ path }) => !EXEMPT.test(path))
    .flatMap(({ path, text }) =>
      FORBIDDEN.filter(({ except }) => !except?.test(path)).flatMap(({ pattern, why }) =>
        [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)}: "${match[0]}" ${why}`),
      ),
    );
}
