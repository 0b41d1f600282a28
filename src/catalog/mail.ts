/** Mail, and what is pushed to devices. */
import { all, asyncPure, effect, gives, pure, verifies } from './define.ts'
import type { Library } from './meaning.ts'
import { service } from './service.ts'

const mail = effect('mail', 'write', 'sends mail')

export const mails: readonly Library[] = [
  service({
    packages: ['resend'],
    kind: 'mail',
    clients: 'Resend',
    write: 'sends mail',
    detects: 'resend',
    read: ['emails.get emails.list contacts.get contacts.list domains.list domains.get', 'reads mail'],
    members: { 'webhooks.verify': verifies('unknown') },
  }),
  service({
    packages: ['expo-server-sdk'],
    kind: 'mail',
    clients: 'Expo default',
    write: 'sends push messages',
    harmless: 'chunkPushNotifications chunkPushNotificationReceiptIds',
    exports: { 'Expo.isExpoPushToken': pure },
  }),
  service({
    packages: ['nodemailer'],
    kind: 'mail',
    clients: 'createTransport',
    write: 'sends mail',
    harmless: 'verify close on use isIdle',
    exports: { createTestAccount: asyncPure, getTestMessageUrl: pure },
  }),
  service({ packages: ['postmark'], kind: 'mail', clients: 'ServerClient Client AccountClient', write: 'sends mail' }),
  service({
    packages: ['mailgun.js', 'mailgun-js'],
    kind: 'mail',
    clients: 'default',
    write: 'sends mail',
    members: { client: gives({ instance: 'mailgun.js' }) },
  }),
  service({
    packages: [
      '@getbrevo/brevo',
      '@mailchimp/mailchimp_marketing',
      '@mailchimp/mailchimp_transactional',
      'mailersend',
      'loops',
      '@plunk/node',
      'node-mailjet',
      'sib-api-v3-sdk',
      '@usewaypoint/client',
    ],
    kind: 'mail',
    clients: 'default LoopsClient MailerSend Plunk TransactionalEmailsApi ContactsApi BrevoClient Client',
    write: 'sends mail',
    harmless: 'setConfig setApiKey',
    exports: all('EmailParams Recipient Sender Attachment SendSmtpEmail', pure),
  }),
  {
    packages: ['@sendgrid/mail', '@sendgrid/client'],
    category: 'effect',
    exports: {
      ...all('setTimeout setDataResidency', pure),

      ...all('send sendMultiple request MailService.send', mail),
      ...all('setApiKey setClient setSubstitutionWrappers', pure),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@react-email/components', '@react-email/render', 'react-email', '@react-email/*'],
    category: 'harmless',
    exports: {},
    unlisted: 'harmless',
  },
]
