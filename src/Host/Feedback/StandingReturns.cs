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

    public async Task<(string Item, string Why)?> OrderAsync(
        OrganizationNumber unit, string clientId, StandingQuestion order, CancellationToken cancellation)
    {
        if (!StoredWord.All<RegisterCode>().TryGetValue(order.Register ?? "", out var register))
            return ("register", "register skal være kpr eller npr.");
        DataYear? from = null;
        if (order.FromYear is { } year)
        {
            if (!DataYear.TryFrom(year, out var known)) return ("fromYear", "fromYear skal være fra 1980 til 2099.");
            from = known;
        }

        var which = new ReturnedRecords(new RegisterArea(register, order.Area ?? ""), from);
        return await orders.OrderAsync(unit, which, order.Email, ActorOf(clientId), cancellation) switch
        {
            OrderOutcome.NoSuchArea => ("area", "Registeret har ikke et slikt område."),
            OrderOutcome.NoAddress => ("email", "email skal være én e-postadresse."),
            OrderOutcome.StandsAlready => ("area", "Enheten har alt fast retur for området."),
            OrderOutcome.TooOften(var opensAt) =>
                ("area", $"Enheten har bestilt området {OrderReturn.OrdersMax} ganger det siste døgnet. "
                    + $"Det kan bestilles igjen {Norwegian.Time(opensAt)}."),
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

    private static Actor ActorOf(string clientId) => new("client", clientId);
}
