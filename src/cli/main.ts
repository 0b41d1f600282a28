#!/usr/bin/env node
process.stderr.write('eslint-plugin-authz: the audit command is not implemented yet\n')
process.exitCode = 2
