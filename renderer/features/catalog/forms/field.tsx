import type { ReactNode } from 'react';
import { assertNever } from '../../../../shared/errors';
import { ChoiceField, ComboField, ManyField } from './choice-fields';
import type { FieldProps } from './form-context';
import { ListField } from './list-field';
import { PrivilegesField } from './privileges-field';
import {
  FactField,
  LongTextField,
  NumberField,
  PasswordField,
  SecretField,
  SqlField,
  SwitchField,
  TextField,
  TimeField,
} from './simple-fields';

/** The widget of a field. */
export function Widget(props: FieldProps): ReactNode {
  const { kind } = props.field;
  switch (kind) {
    case 'text':
      return <TextField {...props} />;
    case 'long-text':
      return <LongTextField {...props} />;
    case 'password':
      return <PasswordField {...props} />;
    case 'secret':
      return <SecretField {...props} />;
    case 'number':
      return <NumberField {...props} />;
    case 'switch':
      return <SwitchField {...props} />;
    case 'choice':
      return <ChoiceField {...props} />;
    case 'combo':
      return <ComboField {...props} />;
    case 'many':
      return <ManyField {...props} />;
    case 'sql':
      return <SqlField {...props} />;
    case 'time':
      return <TimeField {...props} />;
    case 'fact':
      return <FactField {...props} />;
    case 'privileges':
      return <PrivilegesField {...props} />;
    case 'list':
    case 'labels':
    case 'options':
      return <ListField {...props} />;
    default:
      return assertNever(kind);
  }
}
