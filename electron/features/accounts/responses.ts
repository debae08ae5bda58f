import { z } from 'zod';

/** What of the answers of the public API is read here; everything may be missing, as the API says. */
const text = z.string().nullish();

export const accountsResponse = z.object({
  TotalCount: z.number(),
  Details: z
    .array(
      z.object({
        UserName: z.string(),
        Remark: text,
        Status: z.number().nullish(),
        CreateTime: text,
        UpdateTime: text,
        PasswordUpdateTime: text,
        UserType: text,
        PGRoles: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
});
export type AccountResponse = NonNullable<z.output<typeof accountsResponse>['Details']>[number];

export const databasesResponse = z.object({
  TotalCount: z.number(),
  Databases: z
    .array(
      z.object({
        DatabaseName: z.string(),
        DatabaseOwner: text,
        Encoding: text,
        Collate: text,
        Ctype: text,
        AllowConn: z.boolean().nullish(),
        ConnLimit: z.number().nullish(),
      }),
    )
    .nullish(),
});
export type DatabaseResponse = NonNullable<z.output<typeof databasesResponse>['Databases']>[number];

/** Of our own service. */
export const figuresResponse = z.object({
  DatabaseSet: z.array(z.object({ DatabaseName: z.string(), Size: z.number(), Connections: z.number() })),
});
export type FigureResponse = z.output<typeof figuresResponse>['DatabaseSet'][number];

export const objectsResponse = z.object({ TotalCount: z.number(), ObjectSet: z.array(z.string()).nullish() });

export const privilegesResponse = z.object({
  PrivilegeSet: z.array(z.object({ PrivilegeSet: z.array(z.string()).nullish() })).nullish(),
});

export const done = z.object({});
