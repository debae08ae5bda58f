import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nested, readParameters } from '../../electron/control-plane/api/form';
import { parseRequest, readForm, withoutNulls } from '../../electron/control-plane/api/parse';

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    return (error as { apiCode: string }).apiCode;
  }
};

const REQUEST = z.strictObject({
  DBInstanceId: z.string(),
  Limit: z.number().int().min(1).max(100).optional(),
  Force: z.boolean().optional(),
  Name: z.string().max(5).optional(),
  Filters: z
    .array(z.strictObject({ Name: z.string(), Values: z.array(z.string()) }))
    .max(2)
    .optional(),
});

describe('flat parameters', () => {
  it('become a structure', () => {
    expect(
      nested(
        readParameters(
          'DBInstanceId=postgres-1&Filters.0.Name=db-instance-name&Filters.0.Values.0=a%20b&Filters.0.Values.1=%E8%AE%A2&Filters.1.Name=x',
        ),
      ),
    ).toEqual({
      DBInstanceId: 'postgres-1',
      Filters: [{ Name: 'db-instance-name', Values: ['a b', '订'] }, { Name: 'x' }],
    });
  });

  it('keep the order of their numbers', () => {
    const list = Array.from({ length: 12 }, (_, index) => `Ids.${index}=${index}`)
      .toReversed()
      .join('&');
    expect(nested(readParameters(list))).toEqual({ Ids: Array.from({ length: 12 }, (_, index) => String(index)) });
  });

  it.each([
    ['a name twice', 'A=1&A=2'],
    ['a value and a structure', 'A=1&A.0=2'],
    ['a structure and a value', 'A.0=2&A=1'],
    ['an empty part of a name', 'A..0=1'],
    ['a structure that is too deep', 'A.0.0.0.0.0.0.0.0=1'],
    ['too many of them', Array.from({ length: 5001 }, (_, index) => `A.${index}=1`).join('&')],
  ])('are refused with %s', (_, text) => expect(codeOf(() => nested(readParameters(text)))).toBe('InvalidParameter'));

  it('cannot reach prototypes', () => {
    const made = nested(readParameters('__proto__.polluted=1&constructor.prototype.polluted=1'));
    expect(Object.keys(made).toSorted()).toEqual(['__proto__', 'constructor']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('are numbers and truth values where the action asks for such', () => {
    const form = nested(readParameters('DBInstanceId=1&Limit=20&Force=true&Filters.0.Name=7&Filters.0.Values.0=1'));
    expect(parseRequest(REQUEST, readForm(REQUEST, form))).toEqual({
      DBInstanceId: '1',
      Limit: 20,
      Force: true,
      Filters: [{ Name: '7', Values: ['1'] }],
    });
    const wrong = nested(readParameters('DBInstanceId=1&Limit=many'));
    expect(codeOf(() => parseRequest(REQUEST, readForm(REQUEST, wrong)))).toBe('InvalidParameter');
  });
});

describe('a request', () => {
  it.each([
    [{}, 'MissingParameter'],
    [{ DBInstanceId: null }, 'MissingParameter'],
    [{ DBInstanceId: 7 }, 'InvalidParameter'],
    [{ DBInstanceId: 'a', Colour: 1 }, 'UnknownParameter'],
    [{ DBInstanceId: 'a', Limit: '7' }, 'InvalidParameter'],
    [{ DBInstanceId: 'a', Limit: 0 }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ DBInstanceId: 'a', Limit: 101 }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ DBInstanceId: 'a', Name: 'abcdef' }, 'InvalidParameterValue.ParameterLengthLimitError'],
    [{ DBInstanceId: 'a', Filters: [{ Name: 'a' }] }, 'MissingParameter'],
    [{ DBInstanceId: 'a', Filters: [{ Name: 'a', Values: [], Colour: 1 }] }, 'UnknownParameter'],
    [{ DBInstanceId: 'a', Filters: [1, 2] }, 'InvalidParameter'],
    [[], 'InvalidParameter'],
    ['text', 'InvalidParameter'],
    [{ DBInstanceId: 'a', Limit: null, Filters: null }, ''],
  ])('%j is %s', (body, expected) => expect(codeOf(() => parseRequest(REQUEST, withoutNulls(body)))).toBe(expected));

  it('that is nested without end is refused', () => {
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(5_000)}1${'}]'.repeat(5_000)}`);
    expect(codeOf(() => withoutNulls({ DBInstanceId: deep }))).toBe('InvalidParameter');
  });

  it('is refused in the words of the service that it is for', () => {
    expect(codeOf(() => parseRequest(REQUEST, { DBInstanceId: 'a', Limit: 0 }, 'vpc'))).toBe(
      'InvalidParameterValue.Range',
    );
    expect(codeOf(() => parseRequest(REQUEST, { DBInstanceId: 'a', Name: 'abcdef' }, 'vpc'))).toBe(
      'InvalidParameterValue.TooLong',
    );
  });
});
