using static Kilde.Quality.Tests.Kit.SeededNorway;

namespace Kilde.Quality.Tests.Kit;

/// <summary>One fault of each kind that has been seen (R7.07–R7.44), and what it makes each check find.</summary>
internal static class SeededFaults
{
    private const string Service = "update register.iplos_tjeneste set";
    private const string Situation = "update register.iplos_personopplysning set";

    // What R7.23 tells of, each with nothing else wrong: the check digit of the low number is right.
    private static readonly IReadOnlyList<string> NotNumbers =
        ["999999999", "999 999 999", "777777777", "utenbys", "reha", "809999998", "964338532"];

    /// <summary>Recipients 0–101 whose turn it is to have home health services.</summary>
    private const int HomeHealth = 39;

    public static IReadOnlyList<SeededFault> All { get; } =
    [
        new("more than the week in one service", Large,
            $"{Service} tj_timer_uke = 168.1 where {Of(2021, "1")}; {Service} tj_timer_uke = 168 where {Of(2021, "2")}",
            new("KPR-OMS-001", 2021), new("KPR-OMS-002", 2021)),
        new("more than the week in two services", Large,
            $"{Service} tj_timer_uke = 100 where {Of(2021, "1")};"
            + Services(2021, "generate_series(1, 1) as i", "@m * 1000 + 1", "'1'", "68.1"),
            new SeededFinding("KPR-OMS-002", 2021)),
        new("more than the week in two municipalities", Large,
            $"{Service} tj_timer_uke = 100 where {Of(2021, "1")};"
            + string.Concat(new[] { "1, 68.1", "2, 100" }.Select(told =>
                $"""
                insert into register.iplos_tjeneste (
                  person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
                  batch_no, since, period_no, tj_fra_dato, tj_tjen_type, tj_timer_uke)
                select @m * 1000 + person, 1, gen_random_uuid(), p.sender, p.sender, 'f' || person, gen_random_uuid(),
                  gen_random_uuid(), p.extracted_on, 1, now(), p.period_no, date '2021-05-01', '15', hours
                from register.period p, (values ({told})) as moved (person, hours)
                where p.period_no = (@m + 1) * 10 + 2;
                """)),
            new SeededFinding("KPR-OMS-036", 2021)),
        new("no start", Large, $"{Service} tj_fra_dato = null where {Of(2021, "4")}",
            new SeededFinding("KPR-OMS-003", 2021)),
        new("no hours", Large, $"{Service} tj_timer_uke = null where {Of(2021, "1")}",
            new SeededFinding("KPR-OMS-004", 2021)),
        new("no organisation number", Large, $"{Service} tj_inst_orgnr = null where {Of(2021, "5")}",
            new SeededFinding("KPR-OMS-005", 2021)),
        .. NotNumbers.Select(number => new SeededFault(
            $"the organisation number {number}", Large, $"{Service} tj_inst_orgnr = '{number}' where {Of(2021, "5")}",
            new SeededFinding("KPR-OMS-006", 2021))),
        new("the lowest organisation number there is, and one with a digit for the unit", Large,
            $"""
            {Service} tj_inst_orgnr = '810000007' where {Of(2021, "5")};
            {Service} tj_inst_orgnr = '9643385310' where {Of(2021, "13")}
            """),
        new("a person of six municipalities, and one of five", Large,
            $"""
            insert into register.iplos_tjeneste (
              person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
              batch_no, since, period_no, tj_fra_dato, tj_tjen_type)
            select person, 1, gen_random_uuid(), p.sender, p.sender, 't' || person, gen_random_uuid(),
              gen_random_uuid(), p.extracted_on, 1, now(), p.period_no, date '2015-05-01', '6'
            from register.period p
            join (values (900901, 6), (900902, 5)) as test (person, municipalities)
              on p.period_no / 10 between @m and @m + municipalities - 1
            where p.data_year = 2021
            """,
            new SeededFinding("KPR-OMS-007", 2021)),
        new("three times as many alarms", Large,
            Services(2021, "generate_series(500, 527) as i", "@m * 1000 + i", "'6'"),
            new SeededFinding("KPR-OMS-008", 2021)),
        new("40 percent fewer", Large, Fewer(41), new SeededFinding("KPR-OMS-009", 2021)),
        new("40 percent fewer, where it may be accident", Small, Fewer(16)),
        new("alarms under another kind, few", Small,
            $"{Service} tj_tjen_type = '5' where {Of(2021)} and tj_tjen_type = '6'",
            new SeededFinding("KPR-OMS-010", 2021)),
        new("children with home health services", Large,
            string.Concat(Enumerable.Range(FirstYear, Years).Select(year =>
                Services(year, Children(year), "@m * 1000 + i", "'15'", "3") + Persons(year, Children(year), age: 9))),
            new SeededFinding("KPR-OMS-011", 2021)),
        new("children with home health services where there were none", Large,
            Services(2021, "generate_series(600, 624) as i", "@m * 1000 + i", "'15'", "3")
            + Persons(2021, "generate_series(600, 624) as i", age: 9),
            new SeededFinding("KPR-OMS-011", 2021)),
        new("one kind swapped for another", Large,
            $"{Service} tj_tjen_type = '2' where {Of(2021)} and tj_tjen_type = '1'",
            new("KPR-OMS-012", 2021), new("KPR-OMS-008", 2021, 2), new("KPR-OMS-010", 2021), new("KPR-OMS-014", 2021)),
        new("half as many more", Large,
            Services(2021, "generate_series(500, 550) as i", "@m * 1000 + i", Codes, Hours),
            new SeededFinding("KPR-OMS-013", 2021)),
        new("30 percent fewer", Larger, Fewer(72), new SeededFinding("KPR-OMS-009", 2021)),
        new("nearly 30 percent fewer", Larger, Fewer(71)),
        new("half as many more, where it may be accident", Small,
            Services(2021, "generate_series(500, 519) as i", "@m * 1000 + i", Codes, Hours)),
        new("30 percent more", Larger,
            Services(2021, "generate_series(500, 571) as i", "@m * 1000 + i", Codes, Hours),
            new SeededFinding("KPR-OMS-013", 2021)),
        new("nearly 30 percent more", Larger,
            Services(2021, "generate_series(500, 570) as i", "@m * 1000 + i", Codes, Hours)),
        new("personal assistance from nothing", Large,
            Services(2021, "generate_series(1, 30) as i", "@m * 1000 + i", "'3'", "5"),
            new("KPR-OMS-014", 2021), new("KPR-OMS-008", 2021)),
        new("rehabilitation of 7, then of 26", Large,
            $"""
            {Situation} po_hab = '1', po_hab_dato = date '2020-02-01' where {Of(2020)} and person_key % 1000 < 7;
            {Situation} po_hab = '1', po_hab_dato = date '2020-02-01' where {Of(2021)} and person_key % 1000 < 26
            """,
            new SeededFinding("KPR-OMS-015", 2021)),
        new("no welfare technology any more", Small,
            $"{Service} tj_tjen_type = '6' where {Of(2021)} and tj_tjen_type = '26'",
            new("KPR-OMS-010", 2021), new("KPR-OMS-016", 2021)),
        new("no household any more", Large, $"{Situation} po_husstand = null where {Of(2020)}",
            new SeededFinding("KPR-OMS-016", 2020)),
        new("functional ability assessed of five, and then of none", Large,
            $"""
            update register.iplos_bruker set funksjon_fn_funk_type = array[7], funksjon_fn_funk_verdi = array[3],
              funksjon_fn_fra_dato = array[date '2018-01-20'], funksjon_fn_til_dato = array[null::date]
            where {Of(2020)} and person_key % 1000 < 5
            """,
            new SeededFinding("KPR-OMS-016", 2021)),
        new("a new item little filled in", Large,
            $"{Situation} po_hab = null where {Of(2020)} and person_key % 1000 >= 20",
            new SeededFinding("KPR-OMS-017", 2020)),
        new("a question that is new little asked", Large,
            $"{Situation} po_heldg = null where {Of(2020)} and person_key % 1000 between 10 and 79",
            new SeededFinding("KPR-OMS-017", 2020)),
        new("no hours of one kind", Large, $"{Service} tj_timer_uke = null where {Of(2020)} and tj_tjen_type = '15'",
            new("KPR-OMS-018", 2020), new("KPR-OMS-004", 2020, HomeHealth), new("KPR-OMS-024", 2020, 3)),
        new("fewer with welfare technology", Large,
            $"delete from register.iplos_tjeneste where {Of(2021)} and tj_tjen_type = '26' and person_key % 1000 > 6",
            new("KPR-OMS-019", 2021), new("KPR-OMS-008", 2021)),
        new("days that cannot be", Large,
            string.Concat(new[] { 2024, 2029, 2090, 2109, 2222, 3015 }.Select((year, at) =>
                $"{Situation} po_ern_plan_dato = date '{year}-01-01' where {Of(2021, $"{at}")};"))
            + $"""
            {Situation} po_ern_kartlagt_dato = date '1986-01-01', po_ern_risiko_dato = date '1986-01-01'
            where {Of(2021, "10")}
            """,
            new SeededFinding("KPR-OMS-020", 2021, 7)),
        new("off the waiting list without having been on it", Large,
            $"{Situation} po_venteliste_dato = date '2021-02-01' where {Of(2021, "1")}",
            new SeededFinding("KPR-OMS-021", 2021)),
        new("on the waiting list on two days", Large,
            $"{Situation} po_venteliste_dato = date '2021-02-01' where {Of(2021, "7")}",
            new SeededFinding("KPR-OMS-021", 2021)),
        new("off the waiting list twice, and on and off it the same day", Large,
            $"""
            {Situation} po_venteliste = '2', po_venteliste_dato = date '2020-05-01' where {Of(2020, "7")};
            {Situation} po_venteliste = '2', po_venteliste_dato = date '2021-02-01' where {Of(2021, "7")};
            {Situation} po_venteliste = '2' where {Of(2021, "22")}
            """,
            new SeededFinding("KPR-OMS-021", 2021, 2)),
        new("rehabilitation that only ended", Large,
            $"{Situation} po_hab_dato = date '2020-02-01' where {Of(2020, "1")}",
            new SeededFinding("KPR-OMS-022", 2020)),
        new("steps of nutrition", Large,
            $"""
            {Situation} po_ern_risiko_dato = date '2021-03-02' where {Of(2021, "1")};
            {Situation} po_ern_plan = '1', po_ern_plan_dato = date '2021-03-05' where {Of(2021, "2")};
            {Situation} po_ern_kartlagt = '2' where {Of(2021, "3")}
            """,
            new SeededFinding("KPR-OMS-023", 2021, 3)),
        new("round the clock with an alarm only, and in an institution", Large,
            $"{Situation} po_heldg = '1' where {Of(2021, "4")}; {Situation} po_heldg = '1' where {Of(2021, "5")}",
            new SeededFinding("KPR-OMS-024", 2021, 2)),
        new("round the clock as it has been seen, and one who has it", Large,
            $"{Situation} po_heldg = '1' where {Of(2021)} and person_key % 1000 in (7, 8, 12, 15, 20, 23);"
            + $"{Service} tj_timer_uke = 0 where {Of(2021, "8")};"
            + More(7, "'15'", "5") + More(7, "'5'") + More(12, "'4'", "12") + More(15, "'15'", "24")
            + More(20, "'15'", "0") + More(23, "'15'", "100"),
            new SeededFinding("KPR-OMS-024", 2021, 5)),
        new("a kind that is no more", Large, $"{Service} tj_tjen_type = '12' where {Of(2020, "4")}",
            new SeededFinding("KPR-OMS-025", 2020)),
        new("three starts and no end", Large,
            $"""
            {Situation} po_hab = '1', po_hab_dato = date '2020-01-02' where {Of(2020, "1")};
            {Situation} po_hab = null where {Of(2021, "1")};
            """ + Starts("2020-05-02", "2020-09-02"),
            new SeededFinding("KPR-OMS-026", 2021)),
        new("dates out of order", Large,
            $"""
            {Service} tj_soknad_dato = date '2014-01-02', tj_vedt_dato = date '2014-01-01' where {Of(2021, "1")};
            {Service} tj_vedt_dato = date '2016-01-01' where {Of(2021, "2")};
            {Service} tj_vedtak = '1' where {Of(2021, "3")}
            """,
            new SeededFinding("KPR-OMS-027", 2021, 3)),
        new("services outside the life and the year", Large,
            $"""
            {Service} tj_fra_dato = date '3015-01-01' where {Of(2021, "1")};
            {Service} tj_til_dato = date '2020-12-31' where {Of(2021, "2")};
            update register.iplos_bruker set pe_dod_dato = date '2019-05-01' where {Of(2021, "3")}
            """,
            new SeededFinding("KPR-OMS-028", 2021, 3)),
        new("location technology before there was any, and from the first day", Large,
            $"""
            {Service} tj_fra_dato = date '2004-12-31' where {Of(2021, "6")};
            {Service} tj_fra_dato = date '2005-01-01' where {Of(2021, "14")}
            """,
            new SeededFinding("KPR-OMS-035", 2021)),
        new("one service alone round the clock, and one that fills the week", Large,
            $"{Situation} po_heldg = '1' where {Of(2021, "1")}; {Service} tj_timer_uke = 40 where {Of(2021, "1")}",
            new SeededFinding("KPR-OMS-024", 2021)),
        new("a day after the extraction, and the day itself", Large,
            $"""
            {Situation} po_ern_plan_dato = date '2022-01-16' where {Of(2021, "1")};
            {Situation} po_ern_plan_dato = date '2022-01-15' where {Of(2021, "2")}
            """,
            new SeededFinding("KPR-OMS-020", 2021)),
        new("a new decision without an assessment, and one with", Large,
            $"""
            {Service} tj_vedt_dato = date '2021-02-01', tj_fra_dato = date '2021-02-03' where {Of(2021, "1")};
            {Service} tj_vedt_dato = date '2021-02-01', tj_fra_dato = date '2021-02-03' where {Of(2021, "2")};
            update register.iplos_bruker set funksjon_fn_funk_type = array[7], funksjon_fn_funk_verdi = array[3],
              funksjon_fn_fra_dato = array[date '2021-01-20'], funksjon_fn_til_dato = array[null::date]
            where {Of(2021, "2")}
            """,
            new SeededFinding("KPR-OMS-033", 2021)),
        new("the year not sent", Large,
            $"""
            delete from register.iplos_tjeneste where {Of(2019)};
            delete from register.iplos_bruker where {Of(2019)};
            delete from register.iplos_personopplysning where {Of(2019)}
            """,
            new SeededFinding("KPR-OMS-031", 2019)),
        new("months missing", Large,
            string.Concat(Enumerable.Range(FirstYear, Years).Select(year =>
                Services(year, "generate_series(500, 619) as i", "@m * 1000 + i", "'5'")
                + $"{Service} tj_fra_dato = make_date({year}, 1 + (person_key % 12)::integer, 3) "
                + $"where {Of(year)} and tj_tjen_type = '5';"))
            + $"delete from register.iplos_tjeneste where {Of(2020)} "
            + "and tj_fra_dato between '2020-01-01' and '2020-03-31'",
            new SeededFinding("KPR-FEL-001", 2020)),
        SeededElsewhere.TwoSources, SeededElsewhere.Districts, SeededElsewhere.TreatmentSites,
        SeededElsewhere.Injuries, SeededElsewhere.EmergencyBeds, SeededElsewhere.LocalCodes, SeededElsewhere.Technology,
        SeededElsewhere.Groups,
        SeededClaims.Claims, SeededClaims.HomeVisits,
        SeededClaims.Registered, SeededClaims.Registries,
    ];

    // The first recipients are no more in 2021.
    private static string Fewer(int persons) =>
        string.Concat(new[] { "iplos_tjeneste", "iplos_bruker", "iplos_personopplysning" }.Select(table =>
            $"delete from register.{table} where {Of(2021)} and person_key % 1000 < {persons};"));

    // One more service of a recipient in 2021.
    private static string More(int person, string code, string hours = "null") =>
        Services(2021, "generate_series(1, 1) as i", $"@m * 1000 + {person}", code, hours);

    // 20 of them, and then 55.
    private static string Children(int year) => $"generate_series(600, {(year == 2021 ? 654 : 619)}) as i";

    private static string Persons(int year, string from, int age) =>
        $"""
        insert into register.iplos_bruker (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, pe_alder)
        select @m * 1000 + i, 1, gen_random_uuid(), @code, @code, i::text, gen_random_uuid(), gen_random_uuid(),
          make_date({year} + 1, 1, 15), 1, now(), @m * 10 + {year - FirstYear}, {age}
        from {from};
        """;

    private static string Starts(params string[] days) =>
        $"""
        insert into register.iplos_personopplysning (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, po_fra_dato, po_hab, po_hab_dato)
        select @m * 1000 + 1, 1, gen_random_uuid(), @code, @code, day, gen_random_uuid(), gen_random_uuid(),
          date '2021-01-15', 1, now(), @m * 10 + {2020 - FirstYear}, day::date, '1', day::date
        from unnest(array['{string.Join("', '", days)}']) as day
        """;
}
