import { Autocomplete, Button, Modal, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useRef, useState, type FocusEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaneTest, PlaneView } from '../../../shared/model/plane';
import { checkPlane, endpointOf, type PlaneFacts, type PlaneField } from '../../../shared/model/plane-rules';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { showNotice } from '../../ui/notice';
import classes from './planes-dialog.module.css';
import { PlaneSteps } from './plane-steps';
import { offerUnlock } from './store';

export interface PlaneDialogProps {
  /** Null: a new one. */
  readonly plane: PlaneView | null;
  /** Names that are taken. */
  readonly others: readonly string[];
  readonly onClose: () => void;
}

/** Offered while one types; any other code is taken as well. Source: the regions of the public API. */
const REGIONS = [
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-chongqing',
  'ap-nanjing',
  'ap-hongkong',
  'ap-singapore',
  'na-siliconvalley',
] as const;

const NEW: PlaneFacts = {
  id: '',
  name: '',
  endpoint: 'postgres.tencentcloudapi.com',
  protocol: 'https',
  region: '',
  secretId: '',
  secretKey: '',
};

/** Registers a control plane or changes one: who and where it is, and the key pair, which goes in and never comes out. */
export function PlaneDialog({ plane, others, onClose }: PlaneDialogProps) {
  const { t } = useTranslation('settings');
  const [form, setForm] = useState<PlaneFacts>(() =>
    plane === null
      ? NEW
      : {
          id: plane.id,
          name: plane.name,
          endpoint: plane.endpoint,
          protocol: plane.protocol,
          region: plane.region,
          secretId: plane.secretId,
          secretKey: '',
        },
  );
  const [left, setLeft] = useState<ReadonlySet<PlaneField>>(new Set());
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [test, setTest] = useState<PlaneTest | 'running' | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const facts = { ...form, endpoint: endpointOf(form.endpoint) };
  const failures = checkPlane(facts, others);
  const leaveAll = () => setLeft(new Set(failures.map(({ field }) => field)));
  const problemOf = (field: PlaneField): string | undefined => {
    const failure = failures.find((each) => each.field === field);
    return failure && left.has(field) ? t(`planes.rules.${failure.rule}`) : undefined;
  };
  const change = (next: Partial<PlaneFacts>) => {
    setForm((now) => ({ ...now, ...next }));
    running.current?.abort();
    setTest(null);
    setError(null);
  };
  const field = (name: PlaneField) => ({
    label: t(`planes.fields.${name}`),
    value: form[name],
    // Not on the way to a button: a message that appears would move it away from under the pointer.
    onBlur: ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof HTMLButtonElement)) setLeft((now) => new Set([...now, name]));
    },
    error: problemOf(name),
    autoComplete: 'off',
    spellCheck: false,
  });

  const runTest = async () => {
    leaveAll();
    if (failures.length > 0) return;
    const control = new AbortController();
    running.current = control;
    setTest('running');
    setError(null);
    try {
      setTest(await api.planes.test(facts, control.signal));
    } catch (thrown) {
      if (control.signal.aborted) return;
      setTest(null);
      if (!offerUnlock(thrown)) setError(thrown);
    }
  };
  const save = async () => {
    leaveAll();
    if (failures.length > 0) return;
    setSaving(true);
    setError(null);
    try {
      const { name } = await api.planes.save(facts);
      showNotice(t('planes.saved', { name }));
      onClose();
    } catch (thrown) {
      setSaving(false);
      if (!offerUnlock(thrown)) setError(thrown);
    }
  };

  return (
    <Modal opened onClose={onClose} title={plane === null ? t('planes.addTitle') : t('planes.editTitle')} size={560}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!saving) void save();
        }}
      >
        <TextInput
          {...field('name')}
          data-autofocus
          maxLength={60}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <div className={classes.pair}>
          <TextInput
            {...field('endpoint')}
            description={t('planes.endpointText')}
            onChange={(event) => change({ endpoint: event.currentTarget.value })}
          />
          <div className={classes.protocol}>
            <SegmentedControl
              size="xs"
              aria-label={t('planes.fields.protocol')}
              data={[
                { value: 'https', label: 'HTTPS' },
                { value: 'http', label: 'HTTP' },
              ]}
              value={form.protocol}
              onChange={(value) => {
                setLeft((now) => new Set([...now, 'protocol']));
                change({ protocol: value === 'http' ? 'http' : 'https' });
              }}
            />
          </div>
        </div>
        {problemOf('protocol') === undefined ? null : (
          <p role="alert" className={classes.problem}>
            {problemOf('protocol')}
          </p>
        )}
        <Autocomplete
          {...field('region')}
          description={t('planes.regionText')}
          data={REGIONS}
          onChange={(region) => change({ region })}
        />
        <TextInput {...field('secretId')} onChange={(event) => change({ secretId: event.currentTarget.value })} />
        <PasswordInput
          {...field('secretKey')}
          description={plane === null ? t('planes.keyText') : t('planes.keyKept')}
          autoComplete="new-password"
          onChange={(event) => change({ secretKey: event.currentTarget.value })}
          visibilityToggleButtonProps={{ 'aria-label': t('planes.showKey'), tabIndex: 0 }}
        />
        {error === null ? null : <ErrorPanel error={error} />}
        {test === null ? null : <PlaneSteps result={test} />}
        <div className={classes.bar}>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} stroke={1.5} />}
            onClick={() => {
              if (test !== 'running') void runTest();
              else change({});
            }}
          >
            {test === 'running' ? t('planes.cancelTest') : t('planes.test')}
          </Button>
          <span className={classes.spacer} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={saving}>
            {t('planes.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
