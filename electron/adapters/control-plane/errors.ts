import { AppError } from '../../../shared/errors';

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
  'ResourceInsufficient.ResourceNotEnough': 'classCode',
};

/** By the first letters of the code; the first that fits. */
const HINTS: readonly (readonly [string, string])[] = [
  ['ResourceInsufficient', 'Choose a smaller class or fewer instances, or isolate instances that are not needed.'],
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
  const field = FIELDS[apiCode];
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
