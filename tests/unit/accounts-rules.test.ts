import { describe, expect, it } from 'vitest';
import {
  checkAccountName,
  checkAccountPassword,
  checkDatabaseName,
  checkRemark,
  passwordRules,
  privilegesOf,
} from '../../shared/model/account-rules';

describe('names of accounts', () => {
  it.each(['a', '_a', 'Report_Reader', 'a'.repeat(63), 'values1', 'x9'])('takes %s', (name) => {
    expect(checkAccountName(name)).toBeNull();
  });

  it.each([
    ['', 'name-missing'],
    ['a'.repeat(64), 'name-too-long'],
    ['a-b', 'name-characters'],
    ['a b', 'name-characters'],
    ['é', 'name-characters'],
    ['象', 'name-characters'],
    ['a"b', 'name-characters'],
    ['9a', 'name-start'],
    ['Select', 'name-keyword'],
    ['user', 'name-keyword'],
    ['public', 'name-keyword'],
    ['NONE', 'name-keyword'],
    ['Postgres', 'name-reserved'],
    ['PG_x', 'name-reserved'],
    ['tencentdb_x', 'name-reserved'],
  ])('refuses %j: %s', (name, rule) => {
    expect(checkAccountName(name)?.rule).toBe(rule);
  });
});

describe('names of databases', () => {
  it.each(['shop', 'pg_shop', 'tencentdb_1'])('takes %s', (name) => {
    expect(checkDatabaseName(name)).toBeNull();
  });

  it.each(['postgres', 'TEMPLATE0', 'template1', 'table', ''])('refuses %j', (name) => {
    expect(checkDatabaseName(name)).not.toBeNull();
  });
});

describe('passwords of accounts', () => {
  it.each(['Elephant-42', 'aA1(aaaa', 'aA1/aaaa', `aA1?${'x'.repeat(28)}`])('takes %s', (password) => {
    expect(checkAccountPassword(password)).toBeNull();
    expect(passwordRules(password).every(({ ok }) => ok)).toBe(true);
  });

  it.each([
    ['aA1-aaa', 'password-length'],
    [`aA1-${'x'.repeat(29)}`, 'password-length'],
    ['/aA1-aaaa', 'password-slash'],
    ['aA1-aaaa;', 'password-characters'],
    ["aA1-aaaa'", 'password-characters'],
    ['aA1-a aaa', 'password-characters'],
    ['aA1-aaé', 'password-length'],
    ['aA1-aaaé', 'password-characters'],
    ['AA1-AAAA', 'password-lower'],
    ['aa1-aaaa', 'password-upper'],
    ['aAa-aaaa', 'password-digit'],
    ['aA1aaaaa', 'password-special'],
  ])('refuses %s: %s', (password, rule) => {
    expect(checkAccountPassword(password)?.rule).toBe(rule);
  });
});

describe('remarks', () => {
  it.each(['', 'nightly-reports_2', '日报', '象'.repeat(60)])('takes %j', (remark) => {
    expect(checkRemark(remark)).toBeNull();
  });

  it.each([
    ['象'.repeat(61), 'remark-too-long'],
    ['two words', 'remark-characters'],
    ['<b>', 'remark-characters'],
  ])('refuses %j: %s', (remark, rule) => {
    expect(checkRemark(remark)?.rule).toBe(rule);
  });
});

it('knows MAINTAIN from 17 on', () => {
  expect(privilegesOf('table', 16)).not.toContain('MAINTAIN');
  expect(privilegesOf('table', 17)).toContain('MAINTAIN');
  expect(privilegesOf('database', 10)).toEqual(['CREATE', 'CONNECT', 'TEMPORARY']);
});
