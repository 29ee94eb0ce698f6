using System.CommandLine;
using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Host.Commands;

/// <summary>Writes a municipality's year as the files it sends to KPR.</summary>
internal static class SynthesizeMunicipalityCommand
{
    private const int UsualYear = 2019;
    private const int UsualDays = 30;

    public static Command Create()
    {
        var municipality = new Option<string>("--municipality", "-m")
        {
            Description = "Number or name, as it was that year.",
            Required = true,
        };
        var share = new Option<Share>("--share")
        {
            Description = "Share of the inhabitants that there are, such as 10%; all when left out.",
            CustomParser = Share.Parse,
            DefaultValueFactory = _ => new Share(1),
        };
        var days = new Option<int>("--days-per-message")
        {
            Description = "Days in each message of events; 1 as they are sent.",
            DefaultValueFactory = _ => UsualDays,
        };
        days.Validators.Add(given =>
        {
            if (given.GetValue(days) < 1) given.AddError("--days-per-message is at least 1.");
        });
        var only = new Option<MunicipalityFileKind[]>("--only")
        {
            Description = "Only these: AnnualCare, CareEvents, ChildHealth. What is sent about the year when left out.",
            AllowMultipleArgumentsPerToken = true,
        };
        var files = new FileOptions(UsualYear);
        var command = files.AddTo(new Command("municipality", """
            Writes a municipality's year: the annual file of 2019, or from 2021 events and child health as they happen.

            Examples:
              kilde synthesize municipality --municipality Stavanger --share 10% --out stavanger/
              kilde synthesize municipality -m 4601 --year 2022 --days-per-message 1 --out bergen/
              kilde synthesize municipality -m Narvik --year 2022 --as-of 2022-03-31 --errors 2% --wrap --out narvik/
            """)
        { municipality, share, days, only });
        command.SetAction((call, cancellation) =>
        {
            var asOf = files.DayOf(call);
            if (Find(call.GetRequiredValue(municipality), asOf.Year) is not { } found)
                return Task.FromResult(ExitCodes.WrongCall);
            var order = new MunicipalityYearOrder
            {
                Municipality = found,
                AsOf = asOf,
                Seed = call.GetValue(files.Seed),
                Share = call.GetValue(share).Value,
                DaysPerMessage = call.GetValue(days),
                Faults = files.FaultsOf(call),
                Encoding = call.GetValue(files.Encoding),
                IsWrapped = call.GetValue(files.Wrap),
            };
            if (KindsOf(asOf.Year, call.GetValue(only)) is not { } kinds) return Task.FromResult(ExitCodes.WrongCall);
            return files.WriteAsync(
                call, found.Name,
                (open, progress) => MunicipalityYear.Write(order, kinds, open, progress, cancellation), cancellation);
        });
        return command;
    }

    private static IReadOnlyList<MunicipalityFileKind>? KindsOf(int year, MunicipalityFileKind[]? chosen)
    {
        var sent = MunicipalityYear.KindsOf(year);
        if (chosen is { Length: > 0 }) sent = [.. sent.Intersect(chosen)];
        if (sent.Count > 0) return sent;
        var all = MunicipalityYear.KindsOf(year);
        Console.Error.WriteLine(all.Count == 0
            ? $"No form is known for what municipalities sent about {year}. Take 2019, or 2021 or later."
            : $"About {year} municipalities send {string.Join(" and ", all)}; --only names neither.");
        return null;
    }

    private static MunicipalityCode? Find(string text, int year)
    {
        var found = MunicipalityCode.InUse(year)
            .Where(code => code.ToString() == text || code.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (found.Count == 1) return found[0];
        Console.Error.WriteLine(found.Count == 0
            ? $"There was no municipality {text} in {year}."
            : $"More than one is named {text}: {string.Join(", ", found)}. Give the number.");
        return null;
    }
}
