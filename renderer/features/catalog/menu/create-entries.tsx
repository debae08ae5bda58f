import { Menu } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { AnyForm } from '../../../../shared/model/form';
import { ObjectIcon } from '../../../ui/object-icon';
import { useCommand } from '../../../ui/workbench';
import { useFormWords } from '../forms/form-words';
import { SubMenu } from './entry';

export interface CreateEntriesProps {
  readonly serverId: string;
  readonly database: string;
  readonly parent: ObjectRef | null;
  readonly forms: readonly AnyForm[];
}

/** *Create ▸* with every dialog that fits; nothing when there is none. */
export function CreateEntries({ forms, ...where }: CreateEntriesProps) {
  const { t } = useTranslation('objects');
  if (forms.length === 0) return null;
  return (
    <SubMenu icon={IconPlus} label={t('menu.create')}>
      {forms.map((form) => (
        <CreateEntry key={`${form.kind} ${form.variant}`} form={form} {...where} />
      ))}
    </SubMenu>
  );
}

/** One kind to make: a line of a menu. */
export function CreateEntry({
  form,
  serverId,
  database,
  parent,
}: Omit<CreateEntriesProps, 'forms'> & { readonly form: AnyForm }) {
  const run = useCommand();
  const words = useFormWords(form);
  const { kind, variant } = form;
  return (
    <Menu.Item
      leftSection={<ObjectIcon kind={kind} />}
      onClick={() => run({ do: 'create-object', serverId, database, kind, variant, parent })}
    >
      {words.kind}…
    </Menu.Item>
  );
}
