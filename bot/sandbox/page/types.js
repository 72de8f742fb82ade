/**
 * The shapes the sandbox's people API speaks (see ../API.md). Times are UTC milliseconds.
 *
 * @typedef {{id: number, first_name: string, last_name: string|null, username: string|null, phone: string|null,
 *   language_code: string, label: string|null, pinned: boolean, blocked: boolean, started: boolean}} Person
 * @typedef {{id: number, type: string, title: string|null, is_forum: boolean, members: number[],
 *   migrated_to?: number|null, topics?: {thread_id: number, name: string}[]}} Chat
 * @typedef {{id: number, name: string, is_bot: boolean}} Sender
 * @typedef {{kind: string, file_id: string|null, file_name: string|null, mime_type: string|null,
 *   file_size: number|null, width?: number|null, height?: number|null, duration: number|null, latitude: number|null, longitude: number|null,
 *   phone_number: string|null, first_name: string|null}} Media
 * @typedef {{text: string, kind: string, url?: string|null, copy_text?: string|null}} InlineButton
 * @typedef {{message_id: number, chat_id: number, thread_id: number|null, from: Sender, date: number,
 *   edit_date: number|null, text: string|null, html: string|null, caption: string|null, caption_html: string|null,
 *   media: Media|null, media_group_id: string|null,
 *   reply_to: {message_id: number, from: Sender, excerpt: string}|null, forwarded_from: string|null, via_bot: string|null,
 *   inline_keyboard: InlineButton[][]|null, reactions: {emoji: string, by: number}[], service: string|null,
 *   deleted: boolean}} Message
 * @typedef {{text: string, request_contact?: boolean, request_location?: boolean}} ReplyButton
 * @typedef {{keyboard?: (ReplyButton|string)[][], one_time_keyboard?: boolean, input_field_placeholder?: string,
 *   force_reply?: boolean, message_id?: number}} ReplyKeyboard
 * @typedef {{id: string, label: string, label_en?: string}} Move
 * @typedef {{command: string, description: string}} Command
 */

export {};
