export interface TerminalViewProps {
  readonly serverId: string;
  readonly database: string;
}

/** psql in a tab. */
export function TerminalView(_props: TerminalViewProps) {
  return null;
}
