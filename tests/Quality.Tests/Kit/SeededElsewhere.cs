namespace Kilde.Quality.Tests.Kit;

/// <summary>Faults of other sources than the municipality's file of a year.</summary>
internal static class SeededElsewhere
{
    private const string Fixed =
        "person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on, "
        + "batch_no, since, period_no";

    private const string Keys = "gen_random_uuid(), gen_random_uuid(), date '2022-01-15', 1, now()";

    /// <summary>A service of 2025 that the file and the messages tell differently of.</summary>
    public static SeededFault TwoSources { get; } = new(
        "two sources that differ", SeededNorway.Small,
        $"""
        insert into register.period (
          period_no, sender, message_type, data_year, submission_id, extracted_on, whole_extracted_on, batch_no)
        values (900001, @code, 'KPR_IPLOS', 2025, gen_random_uuid(), date '2026-01-15', date '2026-01-15', 1);
        insert into register.iplos_tjeneste ({Fixed}, tj_tjen_type, tj_fra_dato)
        select 910001, 1, gen_random_uuid(), @code, @code, 'F', {Keys}, 900001, '6', date '2025-02-01';
        insert into register.ktt_tjeneste ({Fixed}, tjenestetype, start_dato)
        select 910001, 1, gen_random_uuid(), @code, @code, 'T', {Keys}, 0, '6', date '2025-02-03'
        """,
        new SeededFinding("KPR-OMS-030", 2025));

    /// <summary>A municipality of which a district has sent a file, and the municipality one that names none.</summary>
    public static SeededFault Districts { get; } = new(
        "told by district and without", SeededNorway.Large,
        $"""
        insert into register.period (
          period_no, sender, share, message_type, data_year, submission_id, extracted_on, batch_no)
        values (900002, @code, '01', 'KPR_IPLOS', 2021, gen_random_uuid(), date '2022-01-15', 1);
        update register.iplos_bruker set period_no = 900002 where {SeededNorway.Of(2021, "1")}
        """,
        new SeededFinding("KPR-OMS-032", 2021));

    /// <summary>Two trusts of two sites; the one has tied all its stays to the one site.</summary>
    public static SeededFault TreatmentSites { get; } = new(
        "all stays at one site", SeededNorway.Small,
        $$"""
        insert into register.period (
          period_no, sender, message_type, data_year, submission_id, extracted_on, batch_no)
        select 910000 + trust * 10 + year, 'trust' || trust, 'NPR_ORD', 2020 + year, gen_random_uuid(),
          date '2022-01-15', 1
        from generate_series(1, 2) as trust, generate_series(0, 1) as year;
        insert into register.ord_episode (
          {{Fixed}}, omsorgsniva, ref_enhet_enhet_id, ref_enhet_type_enhet)
        select n, 1, gen_random_uuid(), 'trust' || trust, 'trust' || trust, year || '-' || n, {{Keys}},
          910000 + trust * 10 + year, '1',
          array['avd', case when n % 10 < 6 or (trust = 1 and year = 1) then 'A' else 'B' end], array['7', '1']
        from generate_series(1, 2) as trust, generate_series(0, 1) as year, generate_series(0, 99) as n
        """,
        new SeededFinding("NPR-SOM-001", 2021, Unit: "trust1"));

    /// <summary>Two emergency clinics; the one has forms for few of its injuries.</summary>
    public static SeededFault Injuries { get; } = new(
        "injuries without a form", SeededNorway.Small,
        $$"""
        insert into register.kuhr_regning (
          {{Fixed}}, tjenestetype, tidspunkt, praksis_org_nr, diagnose_kode)
        select n, 1, gen_random_uuid(), 'oppgjør', 'oppgjør', clinic || '-' || n, {{Keys}}, 0, 'Legevakt',
          timestamptz '2025-05-01', 'klinikk' || clinic, array[case when n < 30 then 'L72' else 'R74' end]
        from generate_series(1, 2) as clinic, generate_series(0, 59) as n;
        insert into register.skade_hendelse ({{Fixed}}, behandlet_tid)
        select n, 1, gen_random_uuid(), 'klinikk' || clinic, 'klinikk' || clinic, 's' || n, {{Keys}}, 0,
          timestamptz '2025-05-01'
        from generate_series(1, 2) as clinic, generate_series(1, 10 * clinic) as n
        """,
        new SeededFinding("KPR-SKA-001", 2025, Unit: "klinikk1"));

    /// <summary>
    /// Three municipalities: the stays of the one are told of by a unit that others own, those of the next not at all,
    /// and the last is too small to tell of.
    /// </summary>
    public static SeededFault EmergencyBeds { get; } = new(
        "no stays in emergency beds", SeededNorway.Small,
        $$"""
        insert into register.ktt_tjeneste ({{Fixed}}, tjenestetype, start_dato, slutt_dato, kommune_nr)
        select 920000 + town * 1000 + n, 1, gen_random_uuid(), 'by' || town, 'by' || town, 'k' || n, {{Keys}}, 0,
          '6', date '2024-01-02' + n * 3, date '2024-12-30', 'by' || town
        from generate_series(1, 3) as town, generate_series(1, case when town = 3 then 99 else 100 end) as n;
        insert into register.freg_person ({{Fixed}}, kommune_nr, gjelder_fra, registrert_tid)
        select 921001, 1, gen_random_uuid(), 'freg', 'freg', 'f1', {{Keys}}, 0, 'by1', date '2023-01-01',
          timestamptz '2023-01-02';
        insert into register.kohd_opphold ({{Fixed}}, inn_tid, ut_tid, enhet_org_nr)
        select 921001, 1, gen_random_uuid(), 'senger', 'senger', 'o1', {{Keys}}, 0, timestamptz '2024-05-02 12:00',
          timestamptz '2024-05-04 12:00', '964338531'
        """,
        new SeededFinding("KPR-OMS-034", 2024, Unit: "by2"));

    /// <summary>Two child health services; the one has coupled its own code to another national one.</summary>
    public static SeededFault LocalCodes { get; } = new(
        "a local code coupled anew", SeededNorway.Small,
        $$"""
        insert into register.hst_konsultasjon ({{Fixed}}, dato_tid, lokal_tjeneste_type, tjeneste_type)
        select 930000 + n, 1, gen_random_uuid(), 'stasjon' || place, 'stasjon' || place, year || '-' || n, {{Keys}}, 0,
          make_date(year, n, 2), 'SKOLE', case when place = 1 and year = 2025 then '1' else '2' end
        from generate_series(1, 2) as place, generate_series(2024, 2025) as year, generate_series(1, 12) as n
        """,
        new SeededFinding("KPR-HST-101", 2025, Unit: "stasjon1"));

    /// <summary>Two with technology told day by day; of the one it is not told since when.</summary>
    public static SeededFault Technology { get; } = new(
        "technology without a start", SeededNorway.Small,
        $$"""
        insert into register.ktt_velferdsteknologi (
          {{Fixed}}, teknologitype, individuelt_vurdert, registrert_tid, start_dato)
        select 940000 + n, 1, gen_random_uuid(), 'teknologi', 'teknologi', 'v' || n, {{Keys}}, 0, '2', '1',
          timestamptz '2025-05-01', case when n = 2 then date '2025-05-01' end
        from generate_series(1, 2) as n
        """,
        new SeededFinding("KPR-OMS-003", 2025, Unit: "teknologi"));

    /// <summary>Two dental clinics; the one has begun to send another code for its children.</summary>
    public static SeededFault Groups { get; } = new(
        "a code that took another's place", SeededNorway.Small,
        $$"""
        insert into register.tann_behandling ({{Fixed}}, start_tid, prioritetsgruppe, arsak)
        select 950000 + n, 1, gen_random_uuid(), 'klinikken' || place, 'klinikken' || place, year || '-' || n, {{Keys}},
          0, make_date(year, 1 + n % 12, 2), case when n % 4 = 0 then 'F' when place = 1 and year = 2025 then 'E'
          else 'A' end, '1'
        from generate_series(1, 2) as place, generate_series(2024, 2025) as year, generate_series(1, 48) as n
        """,
        new SeededFinding("KPR-KOD-001", 2025, Unit: "klinikken1"));
}
