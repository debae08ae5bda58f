import { AppError } from '../../../../../shared/errors';

/** The stream holds what no server of a known version sends: nothing after it can be trusted. */
export class StreamDamage extends AppError {
  /** Type of the message, e.g. `U`; empty when it has none. */
  readonly type: string;
  constructor(type: string, what: string) {
    super({
      code: 'unsupported',
      message: `The source sent a change that cannot be read: ${type === '' ? '' : `message ${type}: `}${what}`,
      hint: 'Nothing of this transaction was applied. Check that no proxy changes the stream, and report this.',
    });
    this.type = type;
  }
}

/** The type byte of a message as it is told to people. */
export const typeName = (type: number): string =>
  type > 0x20 && type < 0x7f ? String.fromCharCode(type) : `0x${type.toString(16).padStart(2, '0')}`;
