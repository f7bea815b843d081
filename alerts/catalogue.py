"""The texts of alerts: key to Indonesian and English, in the order of `INTERFACE_LANGUAGES`."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "all": ("semua sebutan", "all mentions"),
    "unplaced": ("hal lain", "something else"),
    "negative": ("negatif", "negative"),
    "positive": ("positif", "positive"),
    "complaint_rate": ("Porsi keluhan", "Complaint rate"),
    "negative_rate": ("Porsi negatif", "Negative share"),
    "complaint_share": ("Porsi di antara keluhan", "Share of the complaints"),
    # Kinds, as the page lists them.
    "kind_spike": ("Lonjakan", "Spike"),
    "kind_shift": ("Tingkat berubah", "Change of level"),
    "kind_threshold": ("Ambang batas", "Threshold"),
    "kind_promise": ("Janji", "Promise"),
    "kind_silent": ("Sumber diam", "Silent source"),
    "kind_budget": ("Jatah", "Budget"),
    # Titles.
    "title_spike": (
        "{brand}: lonjakan {tone} tentang {about}, {ratio} kali biasanya",
        "{brand}: {tone} spike about {about}, {ratio} times the usual",
    ),
    "title_shift_more": (
        "{brand}: {tone} tentang {about} bertahan lebih banyak, {ratio} kali sebelumnya",
        "{brand}: {tone} about {about} stays higher, {ratio} times what it was",
    ),
    "title_shift_fewer": (
        "{brand}: {tone} tentang {about} bertahan lebih sedikit, {ratio} kali sebelumnya",
        "{brand}: {tone} about {about} stays lower, {ratio} times what it was",
    ),
    "title_complaint_rate": (
        "{brand}: dari {about}, {share} mengeluh, di atas {above}",
        "{brand}: of {about}, {share} complain, above {above}",
    ),
    "title_negative_rate": (
        "{brand}: dari {about}, {share} negatif, di atas {above}",
        "{brand}: of {about}, {share} are negative, above {above}",
    ),
    "title_complaint_share": (
        "{brand}: {about} disalahkan dalam {share} keluhan, di atas {above}",
        "{brand}: {about} is blamed in {share} of the complaints, above {above}",
    ),
    "title_promise": (
        "{brand}: lebih banyak yang bilang janji “{promise}” dilanggar",
        "{brand}: more say that the promise “{promise}” was broken",
    ),
    "title_silent": ("{brand}: sumber {source} diam", "{brand}: source {source} is silent"),
    "title_budget": (
        "{brand}: jatah sumber {source} hampir habis",
        "{brand}: the budget of source {source} is nearly used up",
    ),
    # What is known, a sentence each.
    "seen": (
        "{seen} sebutan {tone} ({days}); biasanya {usual}. Itu {ratio} kali biasanya (interval "
        "95% {low}–{high}).",
        "{seen} {tone} mentions ({days}); {usual} are usual. That is {ratio} times the usual (95% "
        "interval {low}–{high}).",
    ),
    "words": ("Lebih sering disebut: {names}.", "Said more often than before: {names}."),
    "touchpoints": ("Terutama tentang: {names}.", "Mostly about: {names}."),
    "apart": ("Porsinya lebih besar dari biasa: {names}.", "A larger part than before: {names}."),
    "also_more": ("Ikut naik: {names}.", "Rose with it: {names}."),
    "also_fewer": ("Ikut turun: {names}.", "Fell with it: {names}."),
    "product": ("Produk", "Product"),
    "version": ("Versi", "Version"),
    "threshold": (
        "{k} dari {n} sebutan dalam {days} hari: {share} (interval 95% {low}–{high}); bahkan "
        "ujung bawahnya di atas {above}.",
        "{k} of {n} mentions in {days} days: {share} (95% interval {low}–{high}); even its lower "
        "end lies above {above}.",
    ),
    "threshold_complaints": (
        "{k} dari {n} keluhan dalam {days} hari: {share} (interval 95% {low}–{high}); bahkan "
        "ujung bawahnya di atas {above}.",
        "{k} of {n} complaints in {days} days: {share} (95% interval {low}–{high}); even its "
        "lower end lies above {above}.",
    ),
    "promise": (
        "Dalam {days} hari {broken} bilang dilanggar dan {kept} ditepati; {days} hari sebelumnya "
        "{before} bilang dilanggar. Tentang {about}.",
        "In {days} days {broken} said that it was broken and {kept} that it was kept; in the "
        "{days} days before {before} said broken. About {about}.",
    ),
    "failing": (
        "Terakhir kali berhasil: {since}. Nol yang terkumpul bukan berarti tidak ada yang bicara.",
        "Last success: {since}. Nothing collected does not mean that nothing was said.",
    ),
    "never": (
        "Belum pernah berhasil sejak {since}. Nol yang terkumpul bukan berarti tidak ada yang "
        "bicara.",
        "Never a success since {since}. Nothing collected does not mean that nothing was said.",
    ),
    "error": ("Sebabnya: {error}", "Why: {error}"),
    "nothing": (
        "Sumber menjawab, tetapi {silent} hari tanpa yang baru (terakhir {last}); dalam setengah "
        "tahun sebelumnya paling lama {longest} hari. Periksa kata pencarian dan aksesnya.",
        "The source answers, but {silent} days without anything new (last on {last}); in the half "
        "year before it was {longest} days at most. Check what is searched for, and its access.",
    ),
    "budget": (
        "Tersisa {left} dari {whole} ({option}). Jika habis, sumber menunggu sampai dihitung "
        "ulang; naikkan {option} atau persempit pencarian.",
        "{left} of {whole} are left ({option}). Once used up, the source waits until it is counted "
        "anew: raise {option}, or search for less.",
    ),
    # The message around them.
    "verbatims": ("Kata pelanggan:", "In the customers' words:"),
    "open": ("Buka sebutannya: {link}", "Open the mentions: {link}"),
    "page": ("Semua peringatan: {link}", "All alerts: {link}"),
    "digest_daily": ("Simak: {n} peringatan hari ini", "Simak: {n} alerts today"),
    "digest_daily_one": ("Simak: 1 peringatan hari ini", "Simak: 1 alert today"),
    "digest_weekly": ("Simak: {n} peringatan minggu ini", "Simak: {n} alerts this week"),
    "digest_weekly_one": ("Simak: 1 peringatan minggu ini", "Simak: 1 alert this week"),
    "digest_again": (", {n} di antaranya pengingat", ", {n} of them again"),
    "reminder": ("Pengingat: {title}", "Reminder: {title}"),
    "unnoted": (
        "Belum ada yang menanganinya sejak {when}.",
        "Nobody has taken note of it since {when}.",
    ),
    "test_title": ("Simak: percobaan", "Simak: a test"),
    "test_body": (
        "Pesan percobaan untuk kanal {channel}. Jika ini terbaca, peringatan akan sampai.",
        "A test message for channel {channel}. Who can read this will get the alerts.",
    ),
}
"""A gap in one language is a gap in the other; a test holds them to it."""
