import { AppError } from '../../../shared/errors';

const NOT_ENOUGH = 'ResourceInsufficient.ResourceNotEnough';

/** The input field of `instances.create` that a documented code speaks of. */
const FIELDS: Readonly<Record<string, string>> = {
  'InvalidParameterValue.InvalidAccountError': 'adminUser',
  'InvalidParameterValue.InvalidPasswordLengthError': 'adminPassword',
  'InvalidParameterValue.InvalidPasswordValueError': 'adminPassword',
  'InvalidParameterValue.InvalidCharset': 'charset',
  'InvalidParameterValue.InvalidInstanceVolume': 'storageGb',
  'InvalidParameterValue.InvalidInstanceNum': 'count',
  'InvalidParameterValue.ParameterCharacterError': 'name',
  'InvalidParameterValue.BadSpec': 'classCode',
  [NOT_ENOUGH]: 'classCode',
};

/** What there is not enough of may be addresses as well: those are not for the class to answer for. */
const fieldOf = (apiCode: string, message: string): string | undefined =>
  apiCode === NOT_ENOUGH && /\b(?:address|port|subnet)\b/i.test(message) ? undefined : FIELDS[apiCode];

/** By the first letters of the code; the first that fits. */
const HINTS: readonly (readonly [string, string])[] = [
  [
    'ResourceInsufficient',
    'Choose a smaller class, fewer instances or another subnet, or isolate instances that are not needed.',
  ],
  ['OperationDenied.InstanceStatusLimitError', 'Wait until the running operation has ended, then try again.'],
  ['AuthFailure.SignatureExpire', 'Check the clock of this machine.'],
  [
    'AuthFailure.UnauthorizedOperation',
    'The key pair may not do this: ask whoever administers the account for the right.',
  ],
  ['UnauthorizedOperation', 'The key pair may not do this: ask whoever administers the account for the right.'],
  ['AuthFailure', 'Check SecretId and SecretKey in Settings > Control planes.'],
  ['RequestLimitExceeded', 'Other programs use the same account; try again in a minute.'],
  ['UnsupportedRegion', 'Choose another region in Settings > Control planes.'],
];

/** A documented error of the API, with its code and the request's id. */
export function apiFailure(apiCode: string, message: string, requestId: string): AppError {
  const field = fieldOf(apiCode, message);
  const hint = HINTS.find(([prefix]) => apiCode.startsWith(prefix))?.[1];
  return new AppError({
    code: 'control-plane',
    message,
    apiCode,
    detail: `${apiCode}, RequestId ${requestId}`,
    ...(field === undefined ? {} : { field }),
    ...(hint === undefined ? {} : { hint }),
    ...(apiCode.startsWith('RequestLimitExceeded') ? { retry: true } : {}),
  });
}
