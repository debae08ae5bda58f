import { Alert, Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../shared/model/account';
import { api } from '../../api';
import { ChoiceGroup } from '../../ui/choice-group';
import { ErrorPanel } from '../../ui/error-panel';
import { showNotice } from '../../ui/notice';
import { CHANGES_MAX, changesOf, linesOf, without, type Draft, type Scope } from './model';
import { PrivilegeGrid } from './privilege-grid';
import { PrivilegeReview } from './privilege-review';
import { PrivilegeScope } from './privilege-scope';
import classes from './privileges-dialog.module.css';

export interface PrivilegesDialogProps {
  readonly plane: string;
  readonly id: string;
  readonly account: AccountView;
  /** Of the server; 0 while it is not known. */
  readonly major: number;
  /** It came with the instance: its type stays. */
  readonly isFirst: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const START: Scope = { kind: 'database', database: '', schema: '', table: '' };

/** What an account may do: chosen object by object, then read through as a list, then done all together or not at all. */
export function PrivilegesDialog({ plane, id, account, major, isFirst, onClose, onDone }: PrivilegesDialogProps) {
  const { t } = useTranslation('accounts');
  const { name } = account;
  const [scope, setScope] = useState(START);
  const [draft, setDraft] = useState<Draft>(new Map());
  const [type, setType] = useState(account.type);
  const [cascade, setCascade] = useState(false);
  const [reviewing, setReviewing] = useState(false);
  /** Closing was asked for with changes that are not made yet. */
  const [leaving, setLeaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changes = changesOf(draft);
  const typeChanged = type !== account.type;
  const count = changes.length + (typeChanged ? 1 : 0);
  const lines = linesOf(changes) + (typeChanged ? 1 : 0);

  const apply = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.accounts.setPrivileges({
        plane,
        id,
        name,
        ...(typeChanged ? { type } : {}),
        changes: changes.map(({ object, grant, revoke }) => ({
          object,
          grant: [...grant],
          revoke: [...revoke],
          cascade,
        })),
      });
      showNotice(t('privileges.done', { name }));
      onDone();
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  const close = () => {
    if (count > 0 && !leaving) setLeaving(true);
    else onClose();
  };

  return (
    <Modal opened onClose={close} title={t('privileges.title', { name })} size={960}>
      <div className={classes.dialog}>
        {reviewing ? (
          <PrivilegeReview
            name={name}
            type={typeChanged ? type : null}
            changes={changes}
            cascade={cascade}
            onCascade={setCascade}
            onRemove={(key) => (key === null ? setType(account.type) : setDraft(without(draft, key)))}
          />
        ) : (
          <>
            <div className={classes.type}>
              <span className={classes.label} aria-hidden>
                {t('fields.type')}
              </span>
              <ChoiceGroup
                label={t('fields.type')}
                choices={[
                  { value: 'normal', label: t('types.normal') },
                  { value: 'super', label: t('types.super') },
                ]}
                value={type}
                onChange={(next) => {
                  if (!isFirst) setType(next === 'super' ? 'super' : 'normal');
                }}
              />
              <p className={classes.note}>{t(isFirst ? 'firstKeepsType' : `typeNotes.${type}`)}</p>
            </div>
            <PrivilegeScope plane={plane} id={id} scope={scope} onChange={setScope} />
            <PrivilegeGrid
              plane={plane}
              id={id}
              name={name}
              major={major}
              scope={scope}
              draft={draft}
              onChange={setDraft}
            />
            <p className={classes.note}>{t('privileges.own')}</p>
          </>
        )}
        {lines > CHANGES_MAX ? (
          <Alert color="warn" role="alert">
            {t('privileges.tooMany', { lines, max: CHANGES_MAX })}
          </Alert>
        ) : null}
        {error === null ? null : <ErrorPanel title={t('privileges.failed')} error={error} />}
        <footer className={classes.footer}>
          <span className={classes.note} role="status">
            {leaving
              ? t('privileges.leaving', { count })
              : count === 0
                ? t('privileges.unchanged')
                : t('privileges.changed', { count })}
          </span>
          <div className={classes.buttons}>
            <Button variant="default" onClick={leaving ? () => setLeaving(false) : close}>
              {t(leaving ? 'privileges.stay' : 'cancel')}
            </Button>
            {leaving ? (
              <Button color="error" onClick={onClose}>
                {t('privileges.discard', { count })}
              </Button>
            ) : reviewing ? (
              <>
                <Button variant="default" onClick={() => setReviewing(false)}>
                  {t('privileges.back')}
                </Button>
                <Button
                  data-autofocus
                  loading={busy}
                  disabled={count === 0 || lines > CHANGES_MAX}
                  onClick={() => void apply()}
                >
                  {t('privileges.apply', { count })}
                </Button>
              </>
            ) : (
              <Button disabled={count === 0} onClick={() => setReviewing(true)}>
                {count === 0 ? t('privileges.reviewNone') : t('privileges.review', { count })}
              </Button>
            )}
          </div>
        </footer>
      </div>
    </Modal>
  );
}
