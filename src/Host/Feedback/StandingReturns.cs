using Kilde.Audit;
using Kilde.Intake.Slash.Returning;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Returning;
using Kilde.Register.Returning;

namespace Kilde.Host.Feedback;

/// <summary>What the API makes ready for a sender is what the portal does.</summary>
internal sealed class StandingReturns(FindReturns find, OrderReturn orders, FetchReturn fetch) : IStandingReturns
{
    public string ContentType => ReturnRecords.ContentType;

    public async Task<ToldReturns> ListAsync(OrganizationNumber unit, CancellationToken cancellation) => new(
    [
        .. from each in await find.ReadAsync(unit, cancellation)
           select new ToldReturn(
               each.StandingReturnId, StoredWord.Of(each.Area.Register), each.Area.Name, each.From?.Year, each.DueOn,
               each.RestedOn,
               each.Package is { } package
                   ? new ToldPackage(
                       package.PackageId, package.Records, package.Bytes, package.MadeAt, package.KeptUntil,
                       package.FetchedAt)
                   : null),
    ]);

    public async Task<(string Item, LocalizedText Why)?> OrderAsync(
        OrganizationNumber unit, string clientId, StandingQuestion order, CancellationToken cancellation)
    {
        if (!StoredWord.All<RegisterCode>().TryGetValue(order.Register ?? "", out var register))
            return ("register", new(
                "register skal være kpr eller npr.", "register skal vere kpr eller npr.",
                "register is to be kpr or npr."));
        DataYear? from = null;
        if (order.FromYear is { } year)
        {
            if (!DataYear.TryFrom(year, out var known))
                return ("fromYear", new(
                    "fromYear skal være fra 1980 til 2099.", "fromYear skal vere frå 1980 til 2099.",
                    "fromYear is to be from 1980 to 2099."));
            from = known;
        }

        var which = new ReturnedRecords(new RegisterArea(register, order.Area ?? ""), from);
        return await orders.OrderAsync(unit, which, order.Email, ActorOf(clientId), cancellation) switch
        {
            OrderOutcome.NoSuchArea => ("area", new(
                "Registeret har ikke et slikt område.", "Registeret har ikkje eit slikt område.",
                "The register has no such area.")),
            OrderOutcome.NoAddress => ("email", new(
                "email skal være én e-postadresse.", "email skal vere éi e-postadresse.",
                "email is to be one e-mail address.")),
            OrderOutcome.StandsAlready => ("area", new(
                "Enheten har alt fast retur for området.", "Eininga har alt fast retur for området.",
                "The unit has a standing return of the area already.")),
            OrderOutcome.TooOften(var opensAt) => ("area", TooOften(opensAt)),
            _ => null,
        };
    }

    public Task<bool> WithdrawAsync(
        OrganizationNumber unit, string clientId, Guid id, CancellationToken cancellation) =>
        orders.WithdrawAsync(id, unit, ActorOf(clientId), cancellation);

    public Task<bool> ResumeAsync(
        OrganizationNumber unit, string clientId, Guid id, CancellationToken cancellation) =>
        orders.ResumeAsync(id, unit, ActorOf(clientId), cancellation);

    public async Task<Func<Stream, CancellationToken, Task>?> FetchAsync(
        OrganizationNumber unit, string clientId, Guid packageId, CancellationToken cancellation) =>
        (await fetch.OpenAsync(packageId, unit, ActorOf(clientId), cancellation))?.WriteAsync;

    private static LocalizedText TooOften(DateTimeOffset opensAt) => new(
        $"Enheten har bestilt området {OrderReturn.OrdersMax} ganger det siste døgnet. "
        + $"Det kan bestilles igjen {Norwegian.Time(opensAt)}.",
        $"Eininga har bestilt området {OrderReturn.OrdersMax} gonger det siste døgnet. "
        + $"Det kan bestillast igjen {Norwegian.Time(opensAt)}.",
        $"The unit has ordered the area {OrderReturn.OrdersMax} times within 24 hours. "
        + $"It can be ordered again {Norwegian.Clock(opensAt):yyyy-MM-dd HH:mm} (Norwegian time).");

    private static Actor ActorOf(string clientId) => new("client", clientId);
}
