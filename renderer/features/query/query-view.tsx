export interface QueryViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly initialSql: string;
  readonly runAtOnce: boolean;
}
export function QueryView(_props: QueryViewProps) {
  return null;
}
