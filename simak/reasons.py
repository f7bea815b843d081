"""Why a record was left out: the reasons that what comes with Simak gives in a run's record.

The dashboard has them in its reader's language; a source from elsewhere may give others, which
are shown as they are.
"""

DUPLICATE = "duplicate"
ROW_REPEATED = "rows that repeat an earlier one"
OTHER_CONTENT = "a row with the id of an earlier one and another content (the first is kept)"
NO_CONTENT = "a row with neither text nor stars"
NO_BRAND = "a row without a brand"
RAGGED = "a row with another number of values than the header has columns"
NOT_JSON = "a line that is not a JSON object"
ENTRY_WITHOUT_TEXT = "entry without a text"
NOT_SAID = "neither a post nor a comment"
POST_WITHOUT_TEXT = "post or comment without a text"
CHANGED_MEANWHILE = "changed while it was being tagged"
NO_ID = "a record without an id"
NOT_ABOUT = "not about the brand (its query)"
NO_TEXT = "a record without a text"
UNKNOWN_SHAPE = "a record of a shape that is not known"
NOT_A_CUSTOMER = "not written by a customer"
NOBODY_WROTE = "a service message, which nobody wrote"
NO_WORDS = "a picture, sticker or voice message without words"
REPOST = "another's text passed on"
OFF_SCALE = "a score outside its scale"
UNKNOWN_TOUCHPOINT = "a touchpoint that is not known"
COUNT_UNREAD = "a month or a number of customers that cannot be read"
LOST_MORE = "more customers lost than there were"
