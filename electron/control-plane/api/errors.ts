import { AppError, type ErrorCode } from '../../../shared/errors';
import type { RuleFailure } from '../../../shared/model/instance-rules';
import type { Family } from './action';

/** A failure with a documented code of the public API: goes into `Response.Error` as it is. */
export class ApiError extends Error {
  readonly apiCode: string;
  constructor(apiCode: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.apiCode = apiCode;
  }
}

/** Codes and words of broken rules. Source: the error codes of postgres 2017-03-12. */
const RULES: Readonly<Record<RuleFailure['rule'], (values: RuleFailure['values']) => readonly [string, string]>> = {
  'name-too-long': ({ max }) => ['InvalidParameterValue.ParameterOutOfRange', `Name has more than ${max} characters`],
  'name-characters': ({ found }) => [
    'InvalidParameterValue.ParameterCharacterError',
    `Name may hold only letters, Chinese characters, digits, underscores and hyphens, not ${JSON.stringify(found)}`,
  ],
  'user-missing': () => ['InvalidParameterValue.InvalidAccountError', 'AdminName is empty'],
  'user-too-long': ({ max }) => [
    'InvalidParameterValue.InvalidAccountError',
    `AdminName has more than ${max} characters`,
  ],
  'user-characters': ({ found }) => [
    'InvalidParameterValue.InvalidAccountError',
    `AdminName may hold only letters, digits and underscores, not ${JSON.stringify(found)}`,
  ],
  'user-start': () => ['InvalidParameterValue.InvalidAccountError', 'AdminName may not start with a digit'],
  'user-reserved': ({ found }) => ['InvalidParameterValue.InvalidAccountError', `AdminName ${found} is reserved`],
  'password-length': ({ min, max }) => [
    'InvalidParameterValue.InvalidPasswordLengthError',
    `AdminPassword must have ${min} to ${max} characters`,
  ],
  'password-slash': () => ['InvalidParameterValue.InvalidPasswordValueError', 'AdminPassword may not start with "/"'],
  'password-characters': () => [
    'InvalidParameterValue.InvalidPasswordValueError',
    'AdminPassword holds a character that is not allowed',
  ],
  'password-lower': () => ['InvalidParameterValue.InvalidPasswordValueError', 'AdminPassword has no lower-case letter'],
  'password-upper': () => ['InvalidParameterValue.InvalidPasswordValueError', 'AdminPassword has no upper-case letter'],
  'password-digit': () => ['InvalidParameterValue.InvalidPasswordValueError', 'AdminPassword has no digit'],
  'password-special': () => [
    'InvalidParameterValue.InvalidPasswordValueError',
    'AdminPassword has no special character',
  ],
  'charset-unknown': ({ found }) => [
    'InvalidParameterValue.InvalidCharset',
    `Charset ${found} is not known. Currently, only UTF8 and LATIN1 are supported`,
  ],
  'storage-step': ({ step }) => [
    'InvalidParameterValue.InvalidInstanceVolume',
    `Storage must be a multiple of ${step} GB`,
  ],
  'storage-range': ({ min, max }) => [
    'InvalidParameterValue.InvalidInstanceVolume',
    `Storage must be ${min} to ${max} GB for this class`,
  ],
  'count-range': ({ min, max }) => [
    'InvalidParameterValue.InvalidInstanceNum',
    `InstanceCount must be ${min} to ${max}`,
  ],
  'tag-count': ({ max }) => ['InvalidParameterValue.ParameterOutOfRange', `TagList has more than ${max} tags`],
  'tag-length': ({ found, max }) => [
    'InvalidParameterValue.ParameterLengthLimitError',
    `TagList has a key or value with more than ${max} characters: ${found}…`,
  ],
  'tag-key': () => ['InvalidParameterValue', 'TagList has a tag without a key'],
  'tag-twice': ({ found }) => ['InvalidParameterValue', `TagList has the key ${found} twice`],
};

export function ruleError(failure: RuleFailure): ApiError {
  const [code, message] = RULES[failure.rule](failure.values);
  return new ApiError(code, message);
}

/**
 * How a failure of our own code is called by each service. Source: the error codes of postgres and vpc 2017-03-12, tag 2018-08-13,
 * dts 2021-12-06.
 */
const CODES: Readonly<Record<Family, Readonly<Partial<Record<ErrorCode, string>>>>> = {
  postgres: {
    'not-found': 'ResourceNotFound.InstanceNotFoundError',
    conflict: 'OperationDenied.InstanceStatusLimitError',
    'invalid-input': 'InvalidParameterValue',
    denied: 'OperationDenied',
    unsupported: 'UnsupportedOperation',
    storage: 'InternalError.SystemError',
  },
  vpc: {
    'not-found': 'ResourceNotFound',
    conflict: 'ResourceInUse',
    'invalid-input': 'InvalidParameterValue',
    denied: 'UnauthorizedOperation',
    unsupported: 'UnsupportedOperation',
    storage: 'InternalError',
  },
  tag: {
    'not-found': 'ResourceNotFound',
    conflict: 'FailedOperation',
    'invalid-input': 'InvalidParameterValue',
    storage: 'InternalError',
  },
  dts: {
    'not-found': 'ResourceNotFound.JobNotExist',
    conflict: 'OperationDenied.JobOperationDeniedError',
    'invalid-input': 'InvalidParameterValue',
    denied: 'OperationDenied',
    unsupported: 'UnsupportedOperation',
    storage: 'InternalError.InternalErrorError',
  },
};

/**
 * The documented error for a failure of our own code; null when it is a fault of the program. A failure that brings its `apiCode` along goes
 * out under that: where it arises is known best what the services call it.
 */
export function asApiError(error: unknown, family: Family = 'postgres'): ApiError | null {
  if (error instanceof ApiError) return error;
  if (!(error instanceof AppError) || error.code === 'bug') return null;
  const { apiCode, hint } = error.info;
  const words = hint === undefined ? error.message : `${error.message}. ${hint}`;
  return new ApiError(apiCode ?? CODES[family][error.code] ?? 'FailedOperation', words);
}
