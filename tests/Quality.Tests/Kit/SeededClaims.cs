namespace Kilde.Quality.Tests.Kit;

/// <summary>Faults in claims, against the population register, and in what quality registries know.</summary>
internal static class SeededClaims
{
    private const string Settlement = "oppgjør";

    /// <summary>
    /// Sound claims, and one fault of each kind: sums (of three readings two are right), credit notes (one of another
    /// amount, one of a claim that never came), a payment taken back, and what came and was credited a month too late.
    /// </summary>
    public static SeededFault Claims { get; } = new(
        "claims", SeededNorway.Small,
        $$"""
        create temporary table told (
          id integer, refund numeric, tariffs text, is_credit boolean, is_paid boolean, told_on date,
          before numeric, was_paid boolean);
        insert into told values
          (1, 100, '{100}', null, true, '2026-05-20', null, null),
          (2, 100, '{100, 50}', null, true, '2026-05-20', null, null),
          (3, 100, '{200}', null, true, '2026-05-20', null, null),
          (4, -100, null, true, null, '2026-06-20', 100, true),
          (5, -90, null, true, null, '2026-06-20', 100, true),
          (6, -100, null, true, null, '2026-06-20', null, null),
          (7, 100, '{100}', null, false, '2026-06-20', 100, true),
          (8, 100, '{100}', null, true, '2026-06-20', 100, false),
          (9, 100, '{100}', null, true, '2026-12-05', null, null),
          (10, 100, '{100}', null, true, '2026-11-30', null, null),
          (11, -100, null, true, null, '2029-06-15', 100, true),
          (12, -100, null, true, null, '2029-05-20', 100, true);
        insert into register.kuhr_regning (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, tjenestetype, tidspunkt, belop, egenandel, takst_belop, kreditering,
          betalt_egenandel)
        select 920000 + id, 1, md5('claim' || id)::uuid, '{{Settlement}}', '{{Settlement}}', 'r' || id,
          gen_random_uuid(), gen_random_uuid(), told_on, 2, timestamptz '2022-02-01', 0, 'Fastlege',
          timestamptz '2026-05-01 10:00+02', refund, case when is_credit then null else 50 end, tariffs::numeric[],
          is_credit, is_paid
        from told;
        insert into register.kuhr_regning_history (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, until, until_batch_no, ended_by, tidspunkt, belop,
          betalt_egenandel)
        select 920000 + id, 1, md5('claim' || id)::uuid, '{{Settlement}}', '{{Settlement}}', 'r' || id,
          gen_random_uuid(), gen_random_uuid(), date '2026-05-20', 1, timestamptz '2022-01-01', 0,
          timestamptz '2022-02-01', 2, 'replaced', timestamptz '2026-05-01 10:00+02', before,
          was_paid
        from told where before is not null;
        drop table told
        """,
        new("KPR-KUHR-101", 2026, Unit: Settlement), new("KPR-KUHR-102", 2026, 2, Settlement),
        new("KPR-KUHR-103", 2026, Unit: Settlement), new("KPR-KUHR-104", 2026, Unit: Settlement),
        new("KPR-KUHR-105", 2026, Unit: Settlement));

    /// <summary>Two with a long stay in an institution; the doctor came home to one of them on six days.</summary>
    public static SeededFault HomeVisits { get; } = new(
        "home visits to whom lives in an institution", SeededNorway.Large,
        $"""
        insert into register.kuhr_regning (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, tjenestetype, tidspunkt, takst_kode)
        select @m * 1000 + person, 1, gen_random_uuid(), '{Settlement}', '{Settlement}', 'h' || person || '-' || day,
          gen_random_uuid(), gen_random_uuid(), date '2021-05-20', 2, timestamptz '2022-02-01', 0, 'Fastlege',
          timestamptz '2021-03-01 10:00+01' + day * interval '1 day', array['11ad']
        from (values (5, 6), (13, 5)) as told (person, days), generate_series(1, days) as day
        """,
        new SeededFinding("KPR-KUHR-106", 2021, Unit: Settlement));

    /// <summary>An age not as registered, and a service begun after death; one begun the same day.</summary>
    public static SeededFault Registered { get; } = new(
        "told otherwise than registered", SeededNorway.Large,
        $"""
        update register.iplos_bruker b set pe_alder = p.data_year - 1950 - case
          when p.data_year = 2021 and b.person_key = @m * 1000 + 2 then 1 else 0 end
        from register.period p
        where p.period_no = b.period_no and b.person_key in (@m * 1000 + 1, @m * 1000 + 2);
        update register.iplos_tjeneste set tj_fra_dato = date '2021-05-05'
        where {SeededNorway.Of(2021)} and person_key in (@m * 1000 + 3, @m * 1000 + 4);
        insert into register.freg_person (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, gjelder_fra, registrert_tid, fodselsdato, dodsdato)
        select @m * 1000 + person, 1, gen_random_uuid(), 'freg', 'freg', 'p' || person, gen_random_uuid(),
          gen_random_uuid(), date '2021-06-01', 1, now(), 0, date '1950-04-01', timestamptz '2021-06-01',
          born, died
        from (values (1, date '1950-04-01', null), (2, date '1950-04-01', null), (3, null, date '2021-05-01'),
          (4, null, date '2021-05-05')) as told (person, born, died)
        """,
        new("KPR-FREG-101", 2021), new("KPR-FREG-102", 2021));

    /// <summary>Three units in an analysis of each register: one lacks half, one is whole, one too small.</summary>
    public static SeededFault Registries { get; } = new(
        "what quality registries lack", SeededNorway.Small,
        """
        insert into quality.completeness (
          analysis_id, registry, register, data_year, codes, days_apart, made_by, case_reference, made_at)
        select md5(register)::uuid, 'Prøve', register, 2021, '{}', 3, 'ansatt', 'SAK', now()
        from unnest(array['KPR', 'NPR']) as register;
        insert into quality.completeness_unit (
          analysis_id, unit, basis, only_registry, in_both, only_register)
        select md5(register)::uuid, 'avdeling ' || name, 'persons', only_registry, in_both, only_register
        from unnest(array['KPR', 'NPR']) as register,
          (values ('A', 1, 9, 10), ('B', 0, 20, 0), ('C', 0, 1, 5))
            as told (name, only_registry, in_both, only_register)
        """,
        new("KPR-DEK-001", 2021, Unit: "avdeling A"), new("NPR-DEK-001", 2021, Unit: "avdeling A"));
}
