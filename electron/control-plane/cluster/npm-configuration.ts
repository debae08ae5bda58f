import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** What npm's fetcher is told: npm's own names in camel case, and per-registry keys (`@scope:registry`, `//host/:_authToken`) as they are. */
export type FetchOptions = Readonly<Record<string, string | boolean | readonly string[]>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** npm's names and the fetcher's, for what decides how the registry is reached. */
const NAMES: Readonly<Record<string, string>> = {
  registry: 'registry',
  proxy: 'proxy',
  'https-proxy': 'httpsProxy',
  noproxy: 'noProxy',
  cafile: 'cafile',
  'strict-ssl': 'strictSSL',
};
const PER_REGISTRY = /^(?:@[^:]+:registry|\/\/.+:(?:_authToken|_auth|username|_password|certfile|keyfile))$/;

const unquote = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;

/**
 * The settings of an npmrc file that matter for fetching: `name = value` lines, `;` and `#` begin comments, `${NAME}` stands for a variable of
 * the environment (left as it is when there is none, as npm does).
 */
export function parseNpmrc(text: string, env: Environment): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*([^;#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = unquote(name);
    if (!(key in NAMES) && !PER_REGISTRY.test(key)) continue;
    settings.set(
      key,
      unquote(value).replaceAll(/\$\{([^}]+)\}/g, (whole, variable: string) => env[variable] ?? whole),
    );
  }
  return settings;
}

/** `npm_config_https_proxy` of the environment is `https-proxy` of the file. */
function fromEnvironment(env: Environment): Map<string, string> {
  const settings = new Map<string, string>();
  for (const name of Object.keys(NAMES)) {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (value !== undefined && value !== '') settings.set(name, value);
  }
  return settings;
}

/** Where npm keeps its files, the weakest first: beside each Node that is on the path, then what npm itself says, then the person's. */
function files(env: Environment, home: string): string[] {
  const programs = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [
    ...new Set(programs.toReversed().map((folder) => join(dirname(folder), 'etc', 'npmrc'))),
    ...(env['npm_config_globalconfig'] ? [env['npm_config_globalconfig']] : []),
    env['npm_config_userconfig'] ?? join(home, '.npmrc'),
  ];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * How this person's npm reaches its registry: address, proxy, certificates, credentials. npm's fetcher reads no configuration by itself.
 * Files that are not there count as empty. Source: npm's documentation of npmrc and config.
 */
export async function npmConfiguration(env: Environment, home: string): Promise<FetchOptions> {
  const settings = new Map<string, string>();
  for (const file of files(env, home)) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const [name, value] of parseNpmrc(text, env)) settings.set(name, value);
  }
  for (const [name, value] of fromEnvironment(env)) settings.set(name, value);
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, value] of settings) {
    if (name === 'cafile') {
      const certificates = (await readFile(value, 'utf8').catch(() => '')).match(CERTIFICATE);
      if (certificates) options['ca'] = certificates;
    } else if (name === 'strict-ssl') options['strictSSL'] = value !== 'false';
    else if (value !== 'null') options[NAMES[name] ?? name] = value;
  }
  return options;
}
