import type { OptionRow } from '../../../../../shared/model/form';

const PAIR = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))/gsu;

const unescaped = (text: string): string => text.replaceAll(/\\(.)/gsu, '$1');

/** Parts of a connection URI, those that libpq knows by a keyword. */
function uriOptions(text: string): OptionRow[] {
  const [, authority = '', path = '', query = ''] =
    /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/su.exec(text) ?? [];
  const [, user = '', password = '', hosts = ''] = /^(?:([^:@]*)(?::([^@]*))?@)?(.*)$/su.exec(authority) ?? [];
  const places = hosts
    .split(',')
    .map((place) => /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/u.exec(place) ?? [])
    .map(([, host = '', port = '']) => ({ host: host.replaceAll(/^\[|\]$/gu, ''), port }));
  const rows = [
    { name: 'host', value: places.map(({ host }) => host).join(',') },
    { name: 'port', value: places.some(({ port }) => port !== '') ? places.map(({ port }) => port).join(',') : '' },
    { name: 'dbname', value: path },
    { name: 'user', value: user },
    { name: 'password', value: password },
    ...query.split('&').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, Math.max(at, 0)), value: pair.slice(at + 1) };
    }),
  ];
  return rows
    .map(({ name, value }) => ({ name, value: decodeURIComponent(value) }))
    .filter(({ name, value }) => name !== '' && value !== '');
}

/** Keywords and values of a libpq connection string, or of a URI. */
export function connectionOptions(text: string): OptionRow[] {
  if (/^postgres(?:ql)?:\/\//u.test(text)) return uriOptions(text);
  return [...text.matchAll(PAIR)].map(([, name = '', quoted, bare = '']) => ({
    name,
    value: unescaped(quoted ?? bare),
  }));
}
