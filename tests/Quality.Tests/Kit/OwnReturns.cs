using System.Text;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Returning;
using Kilde.Register.Returning;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Kit;

/// <summary>Standing returns of senders that have something to get back.</summary>
internal static class OwnReturns
{
    public const string Email = "fagsystem@nordvika.example";

    public static Actor User { get; } = new("user", "sander");

    public static RegisterArea Area { get; } = new(RegisterCode.Kpr, "BASIS");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // One record of each of two years, and one of another sender's, all of the same person.
    public static async Task<CheckedRegister> StartAsync(PostgresServer postgres)
    {
        var register = await CheckedRegister.StartAsync(postgres);
        await register.TakeInAsync(Sender, MessageOf(Sender, "2024", "2025"));
        await register.TakeInAsync(Other, MessageOf(Other, "2025"));
        return register;
    }

    private static string MessageOf(OrganizationNumber unit, params string[] years)
    {
        var services = years.Select(year =>
            $$"""
            { "tjenesteId": "T-{{year}}", "startDato": "{{year}}-06-01", "timer": 10,
              "person": { "fodselsNr": "{{Person}}" } }
            """);
        return $$"""[{ "orgNr": "{{unit}}", "tjeneste": [{{string.Join(',', services)}}] }]""";
    }

    public static Task<OrderOutcome> OrderAsync(
        CheckedRegister register, OrganizationNumber unit, ReturnedRecords which) =>
        register.Get<OrderReturn>().OrderAsync(unit, which, Email, User, Cancellation);

    public static async Task<int> MakeAsync(CheckedRegister register)
    {
        var made = 0;
        while (await register.Get<MakeReturns>().StepAsync(Cancellation)) made++;
        return made;
    }

    public static Task<IReadOnlyList<StandingReturn>> ReadAsync(
        CheckedRegister register, OrganizationNumber? unit = null) =>
        register.Get<FindReturns>().ReadAsync(unit ?? Sender, Cancellation);

    public static async Task<string?> FetchAsync(CheckedRegister register, Guid package, OrganizationNumber unit)
    {
        if (await register.Get<FetchReturn>().OpenAsync(package, unit, User, Cancellation) is not { } fetched)
            return null;
        using var output = new MemoryStream();
        await fetched.WriteAsync(output, Cancellation);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    public static Task<IReadOnlyList<string>> ActionsAsync(CheckedRegister register) => register.QueryAsync<string>(
        "select action from audit.entry where action like 'return.%' order by sequence_no");

    public static DataYear YearOf(int year) => DataYear.Of(new DateOnly(year, 1, 1));
}
