// Stands in for `lilconfig` in the bundled Prisma parser (see tsdown.config.ts): there is no configuration to find.
export const lilconfigSync = (): { search: () => null } => ({ search: () => null })
