// Names and data types of fields that HL7 v2.8.1 added or changed:
// "number=name:type".

#include "parse/hl7v2_fields.h"

namespace gateway::parse {

const std::vector<Hl7v2FieldNames>& field_names_281() {
  static const std::vector<Hl7v2FieldNames> kNames{
      {"RF1",
       "1=Referral Status:CWE|2=Referral Priority:CWE|"
       "3=Referral Type:CWE|4=Referral Disposition:CWE|"
       "5=Referral Category:CWE|7=Effective Date:DTM|"
       "8=Expiration Date:DTM|9=Process Date:DTM|10=Referral Reason:CWE|"
       "12=Referral Documentation Completion Status:CWE|"
       "13=Planned Treatment Stop Date:DTM|14=Referral Reason Text:ST|"
       "15=Number of Authorized Treatments/Units:CQ|"
       "16=Number of Used Treatments/Units:CQ|"
       "17=Number of Schedule Treatments/Units:CQ|"
       "18=Authorized Provider:XON|"
       "19=Authorized Health Professional:XCN|20=Source Text:ST|"
       "21=Source Date:DTM|22=Source Phone:XTN|23=Comment:ST|"
       "24=Action Code:ID"},
      {"AUT",
       "1=Authorizing Payor, Plan ID:CWE|"
       "2=Authorizing Payor, Company ID:CWE|"
       "4=Authorization Effective Date:DTM|"
       "5=Authorization Expiration Date:DTM|"
       "8=Requested Number of Treatments:CQ|"
       "9=Authorized Number of Treatments:CQ|10=Process Date:DTM|"
       "11=Requested Discipline(s):CWE|12=Authorized Discipline(s):CWE|"
       "13=Authorization Referral Type:CWE|14=Approval Status:CWE|"
       "15=Planned Treatment Stop Date:DTM|16=Clinical Service:CWE|"
       "17=Reason Text:ST|18=Number of Authorized Treatments/Units:CQ|"
       "19=Number of Used Treatments/Units:CQ|"
       "20=Number of Schedule Treatments/Units:CQ|21=Encounter Type:CWE|"
       "22=Remaining Benefit Amount:MO|23=Authorized Provider:XON|"
       "24=Authorized Health Professional:XCN|25=Source Text:ST|"
       "26=Source Date:DTM|27=Source Phone:XTN|28=Comment:ST|"
       "29=Action Code:ID"},
      {"PRD",
       "1=Provider Role:CWE|6=Preferred Method of Contact:CWE|"
       "8=Effective Start Date of Provider Role:DTM|"
       "9=Effective End Date of Provider Role:DTM|"
       "10=Provider Organization Name and Identifier:XON|"
       "11=Provider Organization Address:XAD|"
       "12=Provider Organization Location Information:PL|"
       "13=Provider Organization Communication Information:XTN|"
       "14=Provider Organization Method of Contact:CWE"},
      {"ACC",
       "1=Accident Date/Time:DTM|2=Accident Code:CWE|"
       "4=Auto Accident State:CWE|12=Degree of patient liability:NM|"
       "13=Accident Identifier:EI"},
      {"IN1",
       "2=Health Plan ID:CWE|15=Plan Type:CWE|"
       "17=Insured's Relationship To Patient:CWE|"
       "18=Insured's Date Of Birth:DTM|20=Assignment Of Benefits:CWE|"
       "21=Coordination Of Benefits:CWE|27=Release Information Code:CWE|"
       "29=Verification Date/Time:DTM|31=Type Of Agreement Code:CWE|"
       "32=Billing Status:CWE|35=Company Plan Code:CWE|"
       "38=Policy Limit - Amount:ST|40=Room Rate - Semi-Private:ST|"
       "41=Room Rate - Private:ST|42=Insured's Employment Status:CWE|"
       "43=Insured's Administrative Sex:CWE|"
       "46=Prior Insurance Plan ID:CWE|47=Coverage Type:CWE|"
       "48=Handicap:CWE|50=Signature Code:CWE|53=VIP Indicator:CWE|"
       "54=External Health Plan Identifiers:CX|"
       "55=Insurance Action Code:ID"},
      {"IN2",
       "4=Employer Information Data:CWE|5=Mail Claim Party:CWE|"
       "11=Dependent Of Military Recipient:CWE|14=Military Service:CWE|"
       "15=Military Rank/Grade:CWE|16=Military Status:CWE|"
       "24=Non-Covered Insurance Code:CWE|27=Eligibility Source:CWE|"
       "31=Living Dependency:CWE|32=Ambulatory Status:CWE|"
       "33=Citizenship:CWE|34=Primary Language:CWE|"
       "35=Living Arrangement:CWE|36=Publicity Code:CWE|"
       "38=Student Indicator:CWE|39=Religion:CWE|41=Nationality:CWE|"
       "42=Ethnic Group:CWE|43=Marital Status:CWE|48=Job Status:CWE|"
       "51=Employer Contact Reason:CWE|"
       "54=Insured's Contact Person Reason:CWE|"
       "57=Insurance Co Contact Reason:CWE|59=Policy Scope:CWE|"
       "60=Policy Source:CWE|62=Guarantor's Relationship to Insured:CWE|"
       "65=Military Handicapped Program:CWE|71=Race:CWE|"
       "72=Patient's Relationship to Insured:CWE"},
      {"IN3",
       "6=Certification Date/Time:DTM|"
       "7=Certification Modify Date/Time:DTM|"
       "12=Non-Concur Code/Description:CWE|"
       "13=Non-Concur Effective Date/Time:DTM|17=Appeal Reason:CWE|"
       "18=Certification Agency:CWE|23=Second Opinion Status:CWE|"
       "24=Second Opinion Documentation Received:CWE|"
       "26=Certification Type:CWE|27=Certification Category:CWE"},
      {"ORC",
       "4=Placer Group Number:EIP|7=Deliver-To Location:ST|"
       "8=Parent Order:EIP|9=Date/Time of Transaction:DTM|"
       "15=Order Effective Date/Time:DTM|"
       "16=Order Control Code Reason:CWE|17=Entering Organization:CWE|"
       "18=Entering Device:CWE|20=Advanced Beneficiary Notice Code:CWE|"
       "27=Filler's Expected Availability Date/Time:DTM|"
       "32=Advanced Beneficiary Notice Date:DT|"
       "33=Alternate Placer Order Number:CX|"
       "34=Order Workflow Profile:CWE"},
      {"OBR",
       "4=Universal Service Identifier:CWE|5=Deliver-To Location:ST|"
       "6=Deliver-To Location Number 2:ST|7=Observation Date/Time #:DTM|"
       "8=Observation End Date/Time #:DTM|9=Collection Volume *:CQ|"
       "10=Collector Identifier *:XCN|11=Specimen Action Code *:ID|"
       "12=Danger Code:CWE|13=Relevant Clinical Information:CWE|"
       "14=Deliver-To Location Number 3:ST|"
       "15=Deliver-To Location Number 4:ST|20=Filler Field 1 +:ST|"
       "21=Filler Field 2 +:ST|"
       "22=Results Rpt/Status Chng - Date/Time +:DTM|"
       "23=Charge to Practice +:MOC|25=Result Status +:ID|"
       "26=Parent Result +:PRL|27=Deliver-To Location Number 5:ST|"
       "29=Parent  Results Observation Identifier:EIP|"
       "31=Reason for Study:CWE|32=Principal Result Interpreter +:NDL|"
       "33=Assistant Result Interpreter +:NDL|34=Technician +:NDL|"
       "35=Transcriptionist +:NDL|36=Scheduled Date/Time +:DTM|"
       "38=Transport Logistics of Collected Sample *:CWE|"
       "39=Collector's Comment *:CWE|"
       "40=Transport Arrangement Responsibility:CWE|"
       "43=Planned Patient Transport Comment:CWE|44=Procedure Code:CNE|"
       "45=Procedure Code Modifier:CNE|"
       "46=Placer Supplemental Service Information:CWE|"
       "47=Filler Supplemental Service Information:CWE|"
       "48=Medically Necessary Duplicate Procedure Reason:CWE|"
       "49=Result Handling:CWE|51=Observation Group ID:EI|"
       "52=Parent Observation Group ID:EI|"
       "53=Alternate Placer Order Number:CX|54=Parent Order:EIP"},
      {"TQ1",
       "7=Start date/time:DTM|8=End date/time:DTM|"
       "14=Total occurrences:NM"},
      {"ROL", "13=Person's Location:PL|14=Organization:XON"},
      {"PRT",
       "1=Participation Instance ID:EI|2=Action Code:ID|"
       "3=Action Reason:CWE|4=Participation:CWE|"
       "5=Participation Person:XCN|6=Participation Person Provider Type:CWE|"
       "7=Participant Organization Unit Type:CWE|"
       "8=Participation Organization:XON|9=Participant Location:PL|"
       "10=Participation Device:EI|11=Participation Begin Date/Time:DTM|"
       "12=Participation End Date/Time:DTM|"
       "13=Participation Qualitative Duration:CWE|"
       "14=Participation Address:XAD|"
       "15=Participant Telecommunication Address:XTN"},
  };
  return kNames;
}

}  // namespace gateway::parse
