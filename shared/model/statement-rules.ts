import type { ImportContent } from './import';

/** Which statements of a script go to the target, and in which words. Pure; the text is one statement without leading comments. */

export interface StatementChoice {
  readonly content: ImportContent;
  readonly noOwner: boolean;
  readonly noPrivileges: boolean;
  /** `server_version_num` of the target, e.g. 150020. */
  readonly targetVersion: number;
}

export type Verdict =
  | { readonly do: 'keep' }
  | { readonly do: 'rewrite'; readonly text: string; readonly reason: string }
  /** `wanted`: the person's own choice (owner, privileges, content), told as a count only. */
  | { readonly do: 'drop'; readonly reason: string; readonly wanted: boolean };

const KEEP: Verdict = { do: 'keep' };

/** Settings that dumps begin with, and the first version that knows them. Source: pg_backup_archiver.c and the release notes. */
const SETTING_SINCE: Readonly<Record<string, number>> = {
  transaction_timeout: 17,
  idle_session_timeout: 14,
  default_toast_compression: 14,
  default_table_access_method: 12,
};
const SETTING = /^set\s+(?:session\s+|local\s+)?(\w+)\s*(?:=|\bto\b)/i;
const OWNER = /^alter\s[^]*\sowner\s+to\s[^;]+;\s*$/i;
const PRIVILEGE = /^(?:grant|revoke|alter\s+default\s+privileges)\s/i;
const ROLE_SWITCH = /^set\s+session\s+authorization\b/i;
const DATA = /^(?:copy\s|insert\s+into\s|select\s+(?:pg_catalog\.)?(?:setval|lo_\w+|lowrite)\s*\()/i;
const FRAME = /^(?:set\s|select\s+(?:pg_catalog\.)?set_config\s*\(|begin\b|commit\b|start\s+transaction)/i;
const ATTVER = /^alter\s+(?:foreign\s+)?table\s[^]*\sset\s*\(\s*pg_attver\s*=\s*'?\d+'?\s*\)\s*;\s*$/i;

/** Decides about one statement. `copy` tells that it starts COPY data. */
export function judgeStatement(text: string, choice: StatementChoice): Verdict {
  const major = Math.floor(choice.targetVersion / 10_000);
  const first = (/^[a-z]+/i.exec(text)?.[0] ?? '').toLowerCase();
  if (first === 'set' && ROLE_SWITCH.test(text) && choice.noOwner) return dropped('owner', true);
  const frame = FRAME.test(text);
  if (frame) return first === 'set' ? judgeSetting(text, major) : KEEP;
  if (choice.noPrivileges && PRIVILEGE.test(text)) return dropped('privileges', true);
  if (first === 'alter') {
    if (choice.noOwner && text.length < 20_000 && OWNER.test(text)) return dropped('owner', true);
    if (text.length < 2000 && ATTVER.test(text))
      return dropped('an internal column option of the source server (pg_attver)', false);
    if (major < 11 && /^alter\s+index\s[^]*\sattach\s+partition\s/i.test(text))
      return dropped('attached indexes need PostgreSQL 11', false);
  }
  const data = DATA.test(text);
  if (choice.content === 'structure' && data) return dropped('data', true);
  if (choice.content === 'data' && !data) return dropped('structure', true);
  if (major < 11 && first === 'create' && /^create\s+(?:constraint\s+|event\s+)?trigger\s/i.test(text)) {
    const older = text.replace(/\bexecute\s+function\b/i, 'EXECUTE PROCEDURE');
    if (older !== text)
      return {
        do: 'rewrite',
        text: older,
        reason: 'EXECUTE FUNCTION was written EXECUTE PROCEDURE before PostgreSQL 11',
      };
  }
  return KEEP;
}

const dropped = (reason: string, wanted: boolean): Verdict => ({ do: 'drop', reason, wanted });

function judgeSetting(text: string, major: number): Verdict {
  const name = SETTING.exec(text)?.[1]?.toLowerCase() ?? '';
  const since = SETTING_SINCE[name];
  return since !== undefined && major < since
    ? dropped(`the setting ${name} exists from PostgreSQL ${since} on`, false)
    : KEEP;
}
