"""Names the language of a text: fast, never raising, honest about short ones.

Words that belong to one language decide where there are any: statistical detectors take
Indonesian slang for Malay, Tagalog or worse. Where there are none, two detectors are asked.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pycld2
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_MAX_CHARACTERS = 1000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT_TEXT = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")

_CUES = {
    "id": """
        ada adalah agak akan akhirnya aku alhamdulillah aman anda antar apa apakah apalagi
        asli atau awet bagus baik bakal bangat banget barang baru bayar beberapa begini
        begitu belanja beli belum benar bener berapa berkualitas bersih besar biar biasa
        bikin bilang bintang blm bosen buat bukan buruk bwt cacat cakep cepat cepet coba
        cocok cuma cuman customer dan dapat dapet dari datang deh delivery dengan dg dgn di
        dikirim dimana dipakai ditunggu doang dong dulu elu emang enak engga enggak fast
        fitur ga gabisa gagal gajelas gak gan ganti gara gini gitu goblok gua gue gw hadeh
        harga harus harusnya hati hebat hilang ini isi itu jadi jangan jelas jelek jg jika
        jos juga kak kalau kalo kami kamu karena karna kasih kayak ke kecewa kecil kemarin
        kembali kena kenapa keren kesal keterlaluan kirim kita klo kmrn kok kualitas kurang
        kurir lagi lain lama lebih lemot lewat lg loh lumayan lupa maaf mahal makanan
        makasih makin malah mantab mantap mantul masalah masih masuk mau melalui memang
        membantu memuaskan mending mengecewakan menjadi menunggu menurut menyesal merasa
        merupakan moga mohon mudah mulai mungkin murah namun nanti ngga nggak nih nunggu
        nyaman nyampe nyesel ongkir orang order over pada padahal pakai pake paket paling
        para parah pas pasti payah pelanggan pelayanan pembayaran pembeli pengen pengiriman
        penipu penipuan penjual penuh percuma perlu pernah pertama pesan pesanan pesen pihak
        puas pulsa punya quality ramah rapi rasanya recommend refund ribet rugi rusak saat
        saja salah sama sampah sampai sampe sangat saya sayangnya sdh sebagai sebelum segera
        sejak sekali sekarang selalu selama semoga semua senang seperti sering service
        sesuai setelah setiap siapa sih sini staff sudah suka sulit supaya susah tadi tanpa
        tapi tdk telah telat teman tempat tempatnya tentang terbaik terima terimakasih
        terlalu terlambat ternyata terus tetap tetep tiba tidak toko tolol tolong tp trims
        trus tuh uang udah udh ulang untuk up utk waktu warna yaa yang yg yuk
    """,
    "en": """
        a about after again all also always am an and any are as asked at away awesome awful
        because been before being best better but buy by came can't cannot cheap could
        customer day days delivered delivery did didn't do does doesn't don't easy ever
        every everything excellent expensive fast feel few first food friendly from get gets
        give good got great had happy hard has have haven't he help helpful her here him his
        horrible hour hours how i i'm i've if in is isn't it it's its just know last late
        like lost love loved made make many me money more most much my need never new nice
        no not nothing now of off on one only or order ordered other our out over paid
        perfect phone please poor price quality quick really received recommend refund right
        said same service she should since slow so some someone staff still such terrible
        than thank thanks that that's the their them then there these they thing this three
        time told took tried try two until up us use very waited waiting want was wasn't way
        we week weeks well went were what when where which while who why will with won't
        work working works worst would wrong yes you your
    """,
    "jv": """
        akeh amarga apik bareng cedhak dadi dalem dhewe dheweke dina dipun durung enek entuk
        gawe gelem iki iku ing ingkang isih iso isoh jare kabeh kang kanggo karo kaya kene
        kon kowe kudu kulo kuwi lan lek liyane luwih maneh mangan marai marang mbek mboten
        menawa menyang merga mergane mergo nalika nang nanging nduwe neng ngene nggawe nggo
        nggon nggone ngombe ning omah ora pancen panganan panganane panggonan panggonane
        piye rak regane rego saka sakwise sampek sampeyan sampun sanajan sek seneng sing
        tansah tekan teko tuku uga utawa wae wes wis wong yen
    """,
    "su": """
        abdi ayeuna bade barudak boga cenah cocog dahar daharan daharanana dei deui dieu
        diuk enya euweuh gaduh gancang geus goreng hade haneut hargana henteu heula hoyong
        ieu jalma jelema kadaharan kadaharanana kana karasa kedah keneh keur kieu kitu
        kulawarga kuring lamun langkung leuwih loba mangrupakeun mangrupikeun matak meser
        meuli nepi ngadahar ngan ngarasa ngeunah ngeunaheun nu nyaeta nyaéta oge ogé osok
        pami pikeun pisan sababaraha sae sanés sareng saur seueur sok tempatna teu tiasa
        tina urang
    """,
    "ms": """
        awak berbaloi cakap dah hangpa jimat kat kedai kereta kitorang korang lawa macam nak
        pakcik ringgit sedap sekejap seronok takde takpe tengah tengok teruk
    """,
}
"""Words that speak for a language; one that stands in several lists, such as an English word
that Indonesian customers use, says little for each."""

_SHARED = 0.25
_SUFFIXED = {"id": 1.0}  # a word with -nya, "kurirnya", is Indonesian
_DETECTORS = {"id": "id", "en": "en", "jv": "jv", "jw": "jv", "su": "su", "ms": "id"}
"""The detectors' names; what they take for Malay is Indonesian unless Malay's own words say so."""
_LONG_ENOUGH = 20


def detect(text: str) -> str:
    """Return one of `simak.tags.LANGUAGES`.

    `mixed` is Indonesian and English in one text. A text too short or too strange to tell is
    `unknown`, as is one in any other language.

    Example:
        >>> detect("mantap gan, barang sesuai"), detect("great service")
        ('id', 'en')
        >>> detect("mantap banget, love it so much")
        'mixed'
        >>> detect("👍👍")
        'unknown'
    """
    plain = _NOT_TEXT.sub(" ", text[:_MAX_CHARACTERS])
    words = _WORD.findall(_STRETCHED.sub(r"\1", plain.lower().replace("’", "'")))
    if not words:
        return "unknown"
    found = dict.fromkeys(_CUES, 0.0)
    for word in words:
        for language, weight in (
            _weights().get(word, _SUFFIXED if word.endswith("nya") else {}).items()
        ):
            found[language] += weight
    return _decide(found) or _ask(plain, len(words))


def _decide(found: dict[str, float]) -> str | None:
    """Return what the cue words say, or None where they say too little."""
    indonesian, english = found["id"], found["en"]
    for language in ("su", "jv", "ms"):
        # Indonesian words are common in all three, their own words are not in Indonesian.
        if found[language] >= 2.0 and found[language] > 0.6 * max(indonesian, english):
            return language
    total = indonesian + english
    if total < 1.0:
        return None
    if min(indonesian, english) >= 2.0 and min(indonesian, english) >= 0.2 * total:
        return "mixed"
    return "id" if indonesian > english else "en"


def _ask(plain: str, words: int) -> str:
    try:
        reliable, _size, details = pycld2.detect(plain.encode("utf-8", "ignore"), bestEffort=True)
    except pycld2.error:
        reliable, details = False, ()
    if reliable and details[0][1] != "un":
        return _DETECTORS.get(details[0][1], "unknown")
    if words < 2 or len(plain.strip()) < _LONG_ENOUGH:
        return "unknown"
    language, _score = _identifier().classify(plain)
    return _DETECTORS.get(language, "unknown")


@cache
def _weights() -> dict[str, dict[str, float]]:
    lists = {language: words.split() for language, words in _CUES.items()}
    languages = Counter(word for words in lists.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words:
            weights.setdefault(word, {})[language] = 1.0 if languages[word] == 1 else _SHARED
    return weights


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
