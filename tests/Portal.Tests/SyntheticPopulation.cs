using Dapper;
using Kilde.Platform.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>
/// Forty women of 40 in Oslo, twenty men of 70 in Bergen and thirty in Stavanger, as the population register would have
/// told of them. Three, eight and ten of them have reserved against KPR.
/// </summary>
public static class SyntheticPopulation
{
    public static readonly DateOnly Day = new(2026, 1, 1);

    public static async Task TellAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var connection = await services.GetRequiredService<RegisterDatabase>().Source
            .OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(
            """
            with groups (first, persons, born, sex, municipality, reserved) as (
              values (1, 40, date '1985-04-01', '2', '0301', 3), (101, 20, date '1955-04-01', '1', '4601', 8),
                (201, 30, date '1955-04-01', '1', '1103', 10)
            ), person as (
              select 700000000 + first + n as key, g.*, n from groups g, generate_series(1, persons) as n
            ), told as (
              insert into register.freg_person (
                person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
                batch_no, since, period_no, gjelder_fra, registrert_tid, fodselsdato, kjonn, kommune_nr)
              select key, 1, gen_random_uuid(), 'freg', 'freg', key::text, gen_random_uuid(), gen_random_uuid(),
                date '2020-01-01', 1, now(), 0, date '2019-01-01', timestamptz '2019-01-02', born, sex, municipality
              from person
            )
            insert into register.reservasjon (
              person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
              batch_no, since, period_no, omfang, gjelder_fra)
            select key, 1, gen_random_uuid(), 'r', 'r', key::text, gen_random_uuid(), gen_random_uuid(),
              date '2020-01-01', 1, now(), 0, 'KPR', date '2024-06-01'
            from person where n <= reserved
            """);
    }
}
